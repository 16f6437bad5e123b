package dev.rookery.game.script;

import dev.rookery.extension.game.ProfileInfo;
import dev.rookery.game.Game;
import dev.rookery.game.GameInfo;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;

/**
 * A game in JavaScript (openturn contract, section 9). Its script sets {@code globalThis.openturn =
 * {game, createLocalSession, createLocalSessionFromSnapshot}}.
 */
public final class ScriptGame implements Game {
  private static final int WARM_STARTS = 20;

  private final ScriptEngine engine;
  private final Script script;
  private final GameInfo info;

  private ScriptGame(ScriptEngine engine, Script script, GameInfo info) {
    this.engine = engine;
    this.script = script;
    this.info = info;
  }

  /**
   * Evaluates a script, and starts matches with it on each thread, so that the first players need
   * not wait for that. Blocks.
   *
   * @throws ScriptException if it does not evaluate, has no usable game, or uses more than it may
   */
  public static ScriptGame load(
      ScriptEngine engine, String gameKey, String version, String schemaVersion, String text) {
    Script script = Script.of(gameKey + "@" + version + ".js", text);
    String described = engine.nextThread().call(script, null, context -> context.call("describe"));
    GameInfo info =
        GameDescription.parse(gameKey, version, schemaVersion, new JsonObject(described));
    var game = new ScriptGame(engine, script, info);
    game.warmUp();
    return game;
  }

  private void warmUp() {
    var all = setup(info.playerIDs());
    var few = setup(info.playerIDs().subList(0, info.minPlayers()));
    for (ScriptThread thread : engine.all()) {
      String first = new ScriptSession(this, thread, all).state();
      for (int i = 0; i < WARM_STARTS; i++) {
        if (!new ScriptSession(this, thread, all).state().equals(first)) {
          throw new ScriptException("two matches with the same seed begin differently", false);
        }
      }
      var restored = new ScriptSession(this, thread, all, first);
      if (!restored.state().equals(first)) {
        throw new ScriptException("a match is not the same after it was restored", false);
      }
      new ScriptSession(this, thread, few).state();
    }
  }

  private MatchSetup setup(List<String> players) {
    String config =
        info.config().isEmpty() ? null : info.config().complete(new JsonObject()).encode();
    var profiles = new HashMap<String, String>();
    ProfileInfo profile = info.profile();
    if (profile != null) {
      players.forEach(player -> profiles.put(player, profile.initial()));
    }
    return new MatchSetup(players, null, "warm-up", 0, config, profiles);
  }

  ScriptEngine engine() {
    return engine;
  }

  Script script() {
    return script;
  }

  /** SHA-256 of the script in hexadecimal digits. */
  public String digest() {
    return script.digest();
  }

  @Override
  public GameInfo info() {
    return info;
  }

  @Override
  public GameSession start(MatchSetup setup) {
    return new ScriptSession(this, engine.nextThread(), setup);
  }

  @Override
  public GameSession restore(MatchSetup setup, String state) {
    return new ScriptSession(this, engine.nextThread(), setup, state);
  }

  /** Gives back the memory that the script holds; sessions that are still used load it again. */
  public void unload() {
    engine.all().forEach(thread -> thread.forget(script.digest()));
  }
}
