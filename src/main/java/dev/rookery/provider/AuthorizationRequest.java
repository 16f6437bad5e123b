package dev.rookery.provider;

/**
 * The secrets of one flow, made anew for each.
 *
 * @param state comes back with the browser
 * @param codeVerifier proves to the service that who comes with the code is who began (PKCE)
 * @param nonce comes back inside of an identity token
 * @param redirectUri where the browser comes back to
 */
public record AuthorizationRequest(
    String state, String codeVerifier, String nonce, String redirectUri) {
  @Override
  public String toString() {
    return "Ticket";
  }
}
