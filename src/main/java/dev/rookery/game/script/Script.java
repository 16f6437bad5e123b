package dev.rookery.game.script;

import dev.rookery.base.Sha256;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.Source;

/**
 * The script of one version of a game.
 *
 * @param digest SHA-256 of its text in hexadecimal digits
 */
record Script(String digest, Source source) {
  static Script of(String name, String text) {
    return new Script(
        digest(text.getBytes(StandardCharsets.UTF_8)),
        Source.newBuilder(ScriptContext.LANGUAGE, text, name).cached(true).buildLiteral());
  }

  static String digest(byte[] bytes) {
    return Sha256.hex(bytes);
  }
}
