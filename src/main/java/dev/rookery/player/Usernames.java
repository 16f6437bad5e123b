package dev.rookery.player;

import dev.rookery.base.ComparedText;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.StatementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Usernames: unique among all players, without regard to case and to the ways of writing a
 * character, and apart from display names, which many may share. Each player has one from the
 * start, {@code player} with their id, and may choose another. No player can choose the generated
 * username of somebody else, or one that looks like the id of a guest or of a player.
 */
final class Usernames {
  static final int LENGTH_MAX = 128;

  private static final Pattern GENERATED = Pattern.compile("player([1-9][0-9]{0,17})");

  /** The ids of guests and players, beside which scripts see usernames. */
  private static final Pattern ID = Pattern.compile("guest:.*|[0-9]+", Pattern.DOTALL);

  private static final Pattern SPACE = Pattern.compile("\\s", Pattern.UNICODE_CHARACTER_CLASS);

  private final Database database;
  private final UsernameStore store = new UsernameStore();

  Usernames(Database database) {
    this.database = database;
  }

  /** The username of a player who has chosen none. */
  static String generated(PlayerId player) {
    return "player" + player.value();
  }

  /** {@code Missing("not_found")} if there is no such player. */
  String find(PlayerId player) {
    return store.find(database, player).orElseThrow(() -> Refused.missing("not_found"));
  }

  /** The player with the username, chosen or generated. */
  Optional<PlayerId> findPlayer(Reader reader, String username) {
    return findPlayer(reader, store, username);
  }

  static Optional<PlayerId> findPlayer(Reader reader, UsernameStore store, String username) {
    if (username.codePointCount(0, username.length()) > LENGTH_MAX) {
      return Optional.empty();
    }
    String key = ComparedText.searchKey(username);
    Matcher generated = GENERATED.matcher(key);
    if (generated.matches()) {
      var player = new PlayerId(Long.parseLong(generated.group(1)));
      return store.find(reader, player).filter(key::equals).map(_ -> player);
    }
    return store.findPlayer(reader, key);
  }

  /**
   * Changes the username, and answers it. {@code Invalid} {@code username} if it is blank, longer
   * than {@value #LENGTH_MAX} characters, contains spaces, is another player's, or looks like an
   * id.
   */
  String change(PlayerId player, String username) {
    String key = check(username);
    boolean own = key.equals(generated(player));
    if (!own && isReserved(key)) {
      throw taken();
    }
    try {
      boolean found =
          database.write(tx -> store.change(tx, player, own ? null : username, own ? null : key));
      if (!found) {
        throw Refused.missing("not_found");
      }
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw taken();
      }
      throw failed;
    }
    return own ? generated(player) : username;
  }

  /** Checks what a player is to be named; returns the key by which usernames are compared. */
  private static String check(String username) {
    new FieldErrors().visibleLine("username", username, LENGTH_MAX).refuse();
    String key = ComparedText.searchKey(username);
    if (SPACE.matcher(username).find() || key.isEmpty()) {
      throw Refused.invalid("username", "is invalid");
    }
    return key;
  }

  /**
   * The key of a username that a new player chooses. {@code Invalid} {@code username} as in {@link
   * #change}, {@code Conflict("username_taken")} if it is the generated one of some player, or
   * looks like an id.
   */
  static String keyOfNew(String username) {
    String key = check(username);
    if (isReserved(key)) {
      throw Refused.conflict("username_taken");
    }
    return key;
  }

  /** Whether no player can choose it. Those who chose it when they could keep it. */
  private static boolean isReserved(String key) {
    return GENERATED.matcher(key).matches() || ID.matcher(key).matches();
  }

  private static Refused taken() {
    return Refused.invalid("username", "has already been taken");
  }
}
