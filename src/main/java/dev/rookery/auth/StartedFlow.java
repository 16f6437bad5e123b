package dev.rookery.auth;

/**
 * A flow that is under way.
 *
 * @param authorizationUrl at the provider, for the browser
 * @param session what an app looks by; a secret between it and the server
 */
public record StartedFlow(String authorizationUrl, String session) {
  @Override
  public String toString() {
    return "Begun";
  }
}
