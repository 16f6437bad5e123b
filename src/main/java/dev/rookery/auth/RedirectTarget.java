package dev.rookery.auth;

/** Where a browser goes on that came back from a provider. */
public sealed interface RedirectTarget {
  /** To where its user is told that he can go back to his app. */
  record SuccessPage(String session) implements RedirectTarget {
    @Override
    public String toString() {
      return "App";
    }
  }

  /** To the page the flow began on. */
  record ReturnPage(String returnTo, String flow) implements RedirectTarget {
    @Override
    public String toString() {
      return "Page[" + returnTo + "]";
    }
  }

  /** Its user did not want to: he may begin again, the app's flow waits on. */
  record SignInPage() implements RedirectTarget {}
}
