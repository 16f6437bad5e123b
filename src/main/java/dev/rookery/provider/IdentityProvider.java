package dev.rookery.provider;

import java.util.Map;

/**
 * A service that vouches for people. Everything but the address fails with {@link
 * ProviderException}.
 */
public interface IdentityProvider {
  /** Where a browser is sent to begin. */
  String authorizationUrl(AuthorizationRequest ticket);

  /** Whether the browser brought something to be looked at; otherwise its user has cancelled. */
  default boolean isGranted(Map<String, String> brought) {
    return brought.containsKey("code");
  }

  /** Who came back, by what the browser brought. */
  Profile authenticate(Map<String, String> brought, AuthorizationRequest ticket);

  /** Who is meant by a code that an app of ours got by itself, without a flow of this server. */
  Profile exchange(String code, String redirectUri);
}
