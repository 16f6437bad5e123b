/**
 * Identity providers: Discord, Google, Facebook, Apple, Steam and any OpenID Connect issuer. Turns
 * an authorization code, an ID token or a ticket into a verified {@link
 * dev.rookery.provider.Profile}.
 *
 * <p>Every call parks the calling virtual thread, for a bounded time; answers are bounded in size.
 * Failures are {@link dev.rookery.provider.ProviderException}s, which tell a refusal from an
 * outage. The package knows nothing of players.
 */
@NullMarked
package dev.rookery.provider;

import org.jspecify.annotations.NullMarked;
