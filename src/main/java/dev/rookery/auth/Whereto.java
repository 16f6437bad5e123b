package dev.rookery.auth;

/** Where a browser goes on that came back from a provider. */
public sealed interface Whereto {
  /** To where its user is told that he can go back to his app. */
  record App(String session) implements Whereto {
    @Override
    public String toString() {
      return "App";
    }
  }

  /** To the page the flow began on. */
  record Page(String returnTo, String flow) implements Whereto {
    @Override
    public String toString() {
      return "Page[" + returnTo + "]";
    }
  }

  /** Its user did not want to: he may begin again, the app's flow waits on. */
  record Cancelled() implements Whereto {}
}
