package dev.rookery.provider;

/**
 * The secrets of one authorization request, random and used once.
 *
 * @param state comes back with the browser and leads to the flow
 * @param codeVerifier of PKCE: proves that the code is redeemed by the server that asked for it
 * @param nonce comes back inside the ID token
 * @param redirectUri to which the provider sends the browser back
 */
public record AuthorizationRequest(
    String state, String codeVerifier, String nonce, String redirectUri) {
  @Override
  public String toString() {
    return "AuthorizationRequest";
  }
}
