package dev.rookery.auth;

/**
 * A flow that is under way.
 *
 * @param address at the provider, for the browser
 * @param session what an app looks by; a secret between it and the server
 */
public record Begun(String address, String session) {
  @Override
  public String toString() {
    return "Begun";
  }
}
