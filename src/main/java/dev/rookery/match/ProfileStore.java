package dev.rookery.match;

import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.game.GameInfo;
import dev.rookery.game.ProfileDelta;
import dev.rookery.game.ProfileDelta.InvalidDeltaException;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What games keep of players between matches, as rows. */
final class ProfileStore {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileStore.class);

  private static final ProfileCallStore CALLS = new ProfileCallStore();

  private static final String FIND =
      """
      SELECT data FROM match_profile
      WHERE game_key = $1 AND schema_version = $2 AND user_key = $3
      """;

  // Nothing is earned in a match that goes on from a point of another one.
  private static final String REMEMBER =
      """
      INSERT INTO match_profile_commit (room_id, commit_key, user_key)
      SELECT room_id, CAST($2 AS TEXT), CAST($3 AS TEXT) FROM match_room
      WHERE room_id = $1 AND forked_from IS NULL AND start_setup IS NULL
      ON CONFLICT (room_id, commit_key, user_key) DO NOTHING RETURNING room_id
      """;

  private static final String CREATE =
      """
      INSERT INTO match_profile (game_key, schema_version, user_key, data, revision, updated_ms)
      VALUES ($1, $2, $3, $4, 0, $5)
      ON CONFLICT (game_key, schema_version, user_key) DO NOTHING
      """;

  private static final String LOCK =
      """
      UPDATE match_profile SET revision = revision + 1, updated_ms = $1
      WHERE game_key = $2 AND schema_version = $3 AND user_key = $4 RETURNING data
      """;

  private static final String SAVE =
      """
      UPDATE match_profile SET data = $1
      WHERE game_key = $2 AND schema_version = $3 AND user_key = $4
      """;

  private static final String OF_USER =
      """
      SELECT game_key, schema_version, data, updated_ms FROM match_profile
      WHERE user_key = $1 AND game_key || '/' || schema_version > $2
      ORDER BY game_key || '/' || schema_version LIMIT $3
      """;

  private static final String DELETE = "DELETE FROM match_profile WHERE user_key = $1";

  /**
   * A change of a user's profile.
   *
   * @param key the id of the action, or {@link #END}; with room and user it is applied once
   * @param operations JSON text ({@link ProfileDelta})
   */
  record Commit(
      String room,
      String key,
      String player,
      String user,
      String gameKey,
      String deploymentVersion,
      ProfileInfo profile,
      String operations) {
    /** The key of what the end of a match changes. */
    static final String END = "end";

    /**
     * @param delta JSON text: lists of operations by player
     * @param users by player; players without one have no profile
     */
    static List<Commit> of(
        String room,
        String key,
        GameInfo game,
        ProfileInfo profile,
        String delta,
        Map<String, String> users) {
      var commits = new ArrayList<Commit>();
      var changes = new JsonObject(delta);
      users.forEach(
          (player, user) -> {
            if (changes.getValue(player) instanceof JsonArray operations && !operations.isEmpty()) {
              commits.add(
                  new Commit(
                      room,
                      key,
                      player,
                      user,
                      game.gameKey(),
                      game.deploymentVersion(),
                      profile,
                      operations.encode()));
            }
          });
      return commits;
    }
  }

  /** A profile in an export. */
  record ProfileOfUser(String gameKey, String schemaVersion, String data, long updatedMs) {}

  Optional<String> find(Reader reader, String gameKey, ProfileInfo profile, String user) {
    return reader.read(FIND, gameKey, profile.schemaVersion(), user).first(row -> row.text("data"));
  }

  /**
   * Makes the changes that have not been made, in an order in which transactions do not wait for
   * each other in a circle. A change that does not fit the stored profile is left out.
   *
   * @param outside whether a control plane keeps the profiles, to which the changes are sent later
   */
  void commit(Transaction tx, List<Commit> commits, boolean outside) {
    commits.stream()
        .sorted(Comparator.comparing(Commit::user).thenComparing(Commit::gameKey))
        .filter(one -> !tx.run(REMEMBER, one.room, one.key, one.user).isEmpty())
        .forEach(
            one -> {
              if (outside) {
                CALLS.insert(tx, one);
              } else {
                apply(tx, one);
              }
            });
  }

  private static void apply(Transaction tx, Commit commit) {
    long now = tx.now().toEpochMilli();
    String game = commit.gameKey;
    String version = commit.profile.schemaVersion();
    String user = commit.user;
    tx.run(CREATE, game, version, user, commit.profile.initial(), now);
    String data = tx.run(LOCK, now, game, version, user).row(0).text("data");
    try {
      String changed = ProfileDelta.apply(data, new JsonArray(commit.operations));
      tx.run(SAVE, changed, game, version, user);
    } catch (InvalidDeltaException invalid) {
      LOG.warn(
          "a change of a profile of {} in room {} cannot be applied: {}",
          game,
          commit.room,
          invalid.getMessage());
    }
  }

  List<ProfileOfUser> ofUser(Reader reader, String user, String after, int max) {
    return reader.read(OF_USER, user, after, (long) max).all(ProfileStore::profile);
  }

  private static ProfileOfUser profile(Row row) {
    return new ProfileOfUser(
        row.text("game_key"),
        row.text("schema_version"),
        row.text("data"),
        row.number("updated_ms"));
  }

  void delete(Transaction tx, String user) {
    tx.run(DELETE, user);
    CALLS.deleteOf(tx, user);
  }
}
