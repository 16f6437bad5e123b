package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the provider columns of players; {@code %s} stands for the column of the
 * provider.
 */
final class ProviderLinkStore {
  // An email is confirmed by the player, or verified by a provider.
  private static final String UPDATE_LAST_SEEN =
      """
      UPDATE player SET last_seen_ms = $1,
        email_confirmed_ms =
          CASE WHEN email = $2 THEN COALESCE(email_confirmed_ms, $1) ELSE email_confirmed_ms END
      WHERE %s = $3
      RETURNING
      """
          + CredentialStore.IDENTITY;

  private static final String LINK_BY_EMAIL =
      """
      UPDATE player SET %1$s = $1, last_seen_ms = $2, updated_ms = $2, revision = revision + 1
      WHERE email = $3 AND email_confirmed_ms IS NOT NULL AND %1$s IS NULL
      RETURNING
      """
          + CredentialStore.IDENTITY;

  private static final String CREATE =
      """
      INSERT INTO player (uuid, %s, email, display_name, name_key, profile_url, last_seen_ms,
        created_ms, updated_ms, email_confirmed_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)
      RETURNING
      """
          + CredentialStore.IDENTITY;

  private static final String FIND_OWNER = "SELECT id FROM player WHERE %s = $1";

  private static final String LINK =
      """
      UPDATE player SET %s = $1, updated_ms = $2, revision = revision + 1 WHERE id = $3
      RETURNING id
      """;

  private static final String COMPLETE_PROFILE =
      """
      UPDATE player SET
        display_name = CASE WHEN display_name = '' THEN CAST($1 AS TEXT) ELSE display_name END,
        name_key = CASE WHEN display_name = '' THEN CAST($2 AS TEXT) ELSE name_key END,
        profile_url = CASE WHEN profile_url = '' THEN CAST($3 AS TEXT) ELSE profile_url END,
        updated_ms = $4, revision = revision + 1
      WHERE id = $5
        AND ((display_name = '' AND CAST($1 AS TEXT) <> '')
          OR (profile_url = '' AND CAST($3 AS TEXT) <> ''))
      RETURNING id
      """;

  private static final String SET_EMAIL_IF_NONE =
      """
      UPDATE player SET email = $1, email_confirmed_ms = $2, updated_ms = $2,
        revision = revision + 1
      WHERE id = $3 AND email IS NULL AND NOT EXISTS (SELECT 1 FROM player WHERE email = $1)
      RETURNING id
      """;

  private static final String FIND_PROVIDER_ID = "SELECT %s AS linked FROM player WHERE id = $1";

  private final InstantSource clock;
  private final Ids ids;

  ProviderLinkStore(InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  Optional<Identity> updateLastSeen(Transaction tx, VerifiedProfile profile) {
    return tx.run(
            forProvider(UPDATE_LAST_SEEN, profile), clock.millis(), profile.email(), profile.id())
        .first(CredentialStore::identity);
  }

  Optional<Identity> linkByEmail(Transaction tx, VerifiedProfile profile, String email) {
    return tx.run(forProvider(LINK_BY_EMAIL, profile), profile.id(), clock.millis(), email)
        .first(CredentialStore::identity);
  }

  /** Fails with a duplicate-key error if another player has the provider account or the email. */
  Identity create(Transaction tx, VerifiedProfile profile, @Nullable String email) {
    return tx.run(
            forProvider(CREATE, profile),
            ids.uuid(),
            profile.id(),
            email,
            profile.name(),
            PlayerStore.nameKey(profile.name()),
            profile.picture(),
            clock.millis(),
            email == null ? null : clock.millis())
        .first(CredentialStore::identity)
        .orElseThrow();
  }

  /** The player who has linked an account at a provider. */
  static Optional<PlayerId> findOwner(Reader reader, Provider provider, String id) {
    return reader
        .read(FIND_OWNER.formatted(PlayerStore.column(provider)), id)
        .first(row -> new PlayerId(row.number("id")));
  }

  /** Fails with a duplicate-key error if another player has the provider account. */
  void link(Transaction tx, PlayerId player, VerifiedProfile profile) {
    tx.run(forProvider(LINK, profile), profile.id(), clock.millis(), player.value());
  }

  /** Fills empty profile fields; returns false if there was nothing to fill. */
  boolean completeProfile(Transaction tx, PlayerId player, VerifiedProfile profile) {
    return !tx.run(
            COMPLETE_PROFILE,
            profile.name(),
            PlayerStore.nameKey(profile.name()),
            profile.picture(),
            clock.millis(),
            player.value())
        .isEmpty();
  }

  /** Sets the email if the player has none and no other player has it; returns whether it did. */
  boolean setEmailIfNone(Transaction tx, PlayerId player, String email) {
    return !tx.run(SET_EMAIL_IF_NONE, email, clock.millis(), player.value()).isEmpty();
  }

  Optional<String> findProviderId(Reader reader, PlayerId player, Provider provider) {
    String sql = FIND_PROVIDER_ID.formatted(PlayerStore.column(provider));
    return reader
        .read(sql, player.value())
        .first(row -> Optional.ofNullable(row.textOrNull("linked")))
        .flatMap(found -> found);
  }

  private static String forProvider(String sql, VerifiedProfile profile) {
    return sql.formatted(PlayerStore.column(profile.provider()));
  }
}
