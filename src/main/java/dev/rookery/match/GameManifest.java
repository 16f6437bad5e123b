package dev.rookery.match;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what is deployed with a game: names of versions, the manifest, the text of a script. */
public final class GameManifest {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final String SCHEMA_VERSION = "schemaVersion";
  private static final String DEFAULT_SCHEMA = "1";

  private GameManifest() {}

  /** Whether a text can be the key of a game, or name a version. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The version of the game's data: {@code schemaVersion}, at the top of the manifest or below
   * {@code multiplayer}, where build tools write it.
   *
   * @param manifest JSON text; null for none
   * @return null if the manifest is malformed
   */
  public static @Nullable String schemaVersion(@Nullable String manifest) {
    if (manifest == null) {
      return DEFAULT_SCHEMA;
    }
    try {
      var json = new JsonObject(manifest);
      JsonObject multiplayer = json.getJsonObject("multiplayer");
      String below =
          multiplayer == null
              ? DEFAULT_SCHEMA
              : multiplayer.getString(SCHEMA_VERSION, DEFAULT_SCHEMA);
      String version = json.getString(SCHEMA_VERSION, below);
      return version != null && isName(version) ? version : null;
    } catch (DecodeException | ClassCastException _) {
      return null;
    }
  }

  /** Decodes UTF-8; null if it is malformed or has a zero character, which no database stores. */
  public static @Nullable String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? text : null;
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}
