package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.game.Game;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The games that rooms can be opened for; the first one is the default. */
final class Games {
  private final Map<String, Game> byKey = new LinkedHashMap<>();
  private final Game standard;

  Games(List<Game> games) {
    games.forEach(game -> byKey.put(game.info().gameKey(), game));
    standard = games.getFirst();
  }

  Game standard() {
    return standard;
  }

  Game require(String key) {
    Game found = byKey.get(key);
    if (found == null) {
      throw new Refused(new Refusal.Missing("unknown_game"));
    }
    return found;
  }
}
