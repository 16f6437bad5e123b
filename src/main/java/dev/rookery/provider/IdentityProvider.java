package dev.rookery.provider;

import java.util.Map;

/** A service that vouches for people. Everything but the address fails with {@link Unconvinced}. */
public interface IdentityProvider {
  /** Where a browser is sent to begin. */
  String authorizeUrl(Ticket ticket);

  /** Whether the browser brought something to be looked at; otherwise its user has cancelled. */
  default boolean isAnswer(Map<String, String> brought) {
    return brought.containsKey("code");
  }

  /** Who came back, by what the browser brought. */
  Profile returned(Map<String, String> brought, Ticket ticket);

  /** Who is meant by a code that an app of ours got by itself, without a flow of this server. */
  Profile exchange(String code, String redirectUri);
}
