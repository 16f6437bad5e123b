package dev.rookery.extensionhost;

import dev.rookery.extension.game.TurnGame;
import dev.rookery.extension.game.TurnGames;
import dev.rookery.game.BuiltinGames;
import dev.rookery.game.ExtensionGame;
import dev.rookery.game.Game;
import dev.rookery.game.GameCalls;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** The games of one version of an extension. */
final class GameTable implements TurnGames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9._-]");
  private static final int VERSION_MAX = 40;
  private static final int DIGEST_DIGITS = 12;
  private static final int GAMES_MAX = 50;

  private final String version;
  private final GameCalls calls;
  private final List<Game> games = new CopyOnWriteArrayList<>();

  /**
   * Rooms must never go on with other code, so the version has a part of the digest of the jar.
   *
   * @param calls runs the code of the games, also after the version of the extension was stopped
   */
  GameTable(ExtensionJar jar, GameCalls calls) {
    this.calls = calls;
    String name = NOT_IN_NAMES.matcher(jar.name() + "-" + jar.version()).replaceAll("-");
    this.version =
        name.substring(0, Math.min(name.length(), VERSION_MAX))
            + "-"
            + jar.digest().substring(0, DIGEST_DIGITS);
  }

  @Override
  public synchronized void add(TurnGame game) {
    String key = game.settings().gameKey();
    if (!NAME.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "the key of a game must be 1 to 64 of a-z, A-Z, 0-9, '.', '-' and '_', and must begin"
              + " with a letter or digit: "
              + key);
    }
    if (BuiltinGames.has(key)) {
      throw new IllegalArgumentException("the game " + key + " is part of the server");
    }
    if (games.stream().anyMatch(each -> each.info().gameKey().equals(key))) {
      throw new IllegalArgumentException("there is a game " + key + " already");
    }
    if (games.size() == GAMES_MAX) {
      throw new IllegalArgumentException("there are " + GAMES_MAX + " games already");
    }
    games.add(ExtensionGame.of(game, version, calls));
  }

  List<Game> all() {
    return List.copyOf(games);
  }
}
