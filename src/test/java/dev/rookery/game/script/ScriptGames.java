package dev.rookery.game.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The games in JavaScript of the tests, as bundles. */
public final class ScriptGames {
  private ScriptGames() {}

  /** Tic-tac-toe as {@code dev.rookery.game.TicTacToe} has it. */
  public static String ticTacToe() {
    return bundle(read("tic-tac-toe.js"));
  }

  /** A game that is defined by code which sets {@code game}. */
  public static String bundle(String code) {
    return "(() => {\n"
        + read("core.js")
        + code
        + "\nglobalThis.openturn = {game, createLocalSession, createLocalSessionFromSnapshot};\n"
        + "})();\n";
  }

  private static String read(String name) {
    try (InputStream in =
        Objects.requireNonNull(ScriptGames.class.getResourceAsStream("/games/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
