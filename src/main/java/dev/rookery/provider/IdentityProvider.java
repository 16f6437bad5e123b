package dev.rookery.provider;

import java.util.Map;

/** An identity provider that browsers are redirected to. All methods block the calling thread. */
public interface IdentityProvider {
  /**
   * The URL at the provider that the browser opens. Fails with {@link ProviderException} if an
   * issuer's discovery document cannot be read.
   */
  String authorizationUrl(AuthorizationRequest request);

  /** Whether the callback carries a result; otherwise the player has cancelled. */
  default boolean isGranted(Map<String, String> parameters) {
    return parameters.containsKey("code");
  }

  /**
   * The verified profile behind a callback. Fails with {@link ProviderException}.
   *
   * @param parameters of the callback, from its query or form
   * @param request as it was for {@link #authorizationUrl}
   */
  Profile authenticate(Map<String, String> parameters, AuthorizationRequest request);

  /**
   * The verified profile behind a code that an app obtained itself, without state and PKCE of this
   * server. Fails with {@link ProviderException}.
   */
  Profile exchange(String code, String redirectUri);
}
