package dev.rookery.auth;

/** Where a browser is redirected to after the callback of a provider. */
public sealed interface RedirectTarget {
  /** The page that tells the player to return to the app. */
  record SuccessPage(String session) implements RedirectTarget {
    @Override
    public String toString() {
      return "SuccessPage";
    }
  }

  /** The page on which the flow was started; it finishes the flow. */
  record ReturnPage(String returnTo, String flow) implements RedirectTarget {
    @Override
    public String toString() {
      return "ReturnPage[" + returnTo + "]";
    }
  }

  /** The sign-in page, after the player has cancelled. The app's flow stays pending. */
  record SignInPage() implements RedirectTarget {}
}
