package dev.rookery.auth;

/**
 * A flow that waits for the provider's callback.
 *
 * @param authorizationUrl at the provider, for the browser
 * @param session the id with which an app asks for the result; secret
 */
public record StartedFlow(String authorizationUrl, String session) {
  @Override
  public String toString() {
    return "StartedFlow";
  }
}
