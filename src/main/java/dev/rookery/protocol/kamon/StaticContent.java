package dev.rookery.protocol.kamon;

import dev.rookery.protocol.kamon.StaticFolder.OpenFile;
import io.vertx.core.http.MimeMapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a static file contains, by its name: its content type, and its encoding if it is compressed.
 *
 * <p>Builds of game engines for the web consist of compressed files ({@code game.wasm.br}, {@code
 * game.data.gz}, {@code game.framework.js.unityweb}) that browsers decompress themselves if they
 * are told: then the type is that of the content. An archive to download ({@code levels.tar.gz}) is
 * a file of its own kind, and stays compressed.
 *
 * @param encoding the value of {@code Content-Encoding}; null if it is not compressed, or to stay
 *     so
 */
public record StaticContent(String type, @Nullable String encoding) {
  private static final String BINARY = "application/octet-stream";
  private static final String SCRIPT = "text/javascript";

  /** Types that the mapping of Vert.x lacks or has differently. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("js", SCRIPT),
          Map.entry("mjs", SCRIPT),
          Map.entry("wasm", "application/wasm"),
          Map.entry("pck", BINARY),
          Map.entry("data", BINARY),
          Map.entry("mem", BINARY),
          Map.entry("bin", BINARY),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("gltf", "model/gltf+json"),
          Map.entry("glb", "model/gltf-binary"),
          Map.entry("ktx2", "image/ktx2"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("opus", "audio/ogg"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("br", BINARY),
          Map.entry("unityweb", BINARY));

  /** Of what a build consists, and a page loads by itself. */
  private static final Set<String> LOADED_BY_PAGES =
      Set.of(
          "js",
          "mjs",
          "wasm",
          "pck",
          "data",
          "mem",
          "bin",
          "json",
          "map",
          "webmanifest",
          "html",
          "css",
          "svg",
          "gltf",
          "glb",
          "ktx2",
          "atlas",
          "txt",
          "xml",
          "ttf",
          "otf");

  private static final String GZIP = "gzip";
  private static final String BROTLI = "br";
  private static final String UNITY = ".unityweb";
  private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};
  // Brotli has no magic number; Unity writes this into the start of what it compresses.
  private static final String UNITY_BROTLI = "UnityWeb Compressed Content (brotli)";
  private static final int START_BYTES = 128;

  /** Reads the start of the file, so it may block. */
  static StaticContent of(OpenFile file) throws IOException {
    String name = file.name().toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz")) {
      String inner = withoutLast(name);
      return LOADED_BY_PAGES.contains(extension(inner)) && isGzip(start(file))
          ? new StaticContent(type(inner), GZIP)
          : new StaticContent("application/gzip", null);
    }
    if (name.endsWith(".br")) {
      String inner = withoutLast(name);
      return LOADED_BY_PAGES.contains(extension(inner))
          ? new StaticContent(type(inner), BROTLI)
          : new StaticContent(BINARY, null);
    }
    if (name.endsWith(UNITY)) {
      return new StaticContent(unityType(withoutLast(name)), unityEncoding(start(file)));
    }
    return new StaticContent(type(name), null);
  }

  /** The content type of a file that is not compressed, by its name. */
  public static String typeOf(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return name.contains(".") ? type(name) : BINARY;
  }

  private static String type(String name) {
    String extension = extension(name);
    String known = TYPES.get(extension);
    String type = known == null ? MimeMapping.mimeTypeForExtension(extension) : known;
    if (type == null) {
      return BINARY;
    }
    return type.startsWith("text/") ? type + ";charset=UTF-8" : type;
  }

  /**
   * The type of a file of a Unity build: of {@code game.framework.js}, or as older versions name
   * it, {@code game.wasm.framework}, {@code game.asm.code} and {@code game.wasm.code}.
   */
  private static String unityType(String name) {
    return switch (extension(name)) {
      case "code" -> type(name.endsWith(".wasm.code") ? ".wasm" : ".js");
      case "framework" -> type(".js");
      default -> type(name);
    };
  }

  private static @Nullable String unityEncoding(byte[] start) {
    if (isGzip(start)) {
      return GZIP;
    }
    return new String(start, StandardCharsets.ISO_8859_1).contains(UNITY_BROTLI) ? BROTLI : null;
  }

  private static boolean isGzip(byte[] start) {
    return start.length > 2 && start[0] == GZIP_MAGIC[0] && start[1] == GZIP_MAGIC[1];
  }

  private static byte[] start(OpenFile file) throws IOException {
    var buffer = ByteBuffer.allocate(START_BYTES);
    while (buffer.hasRemaining() && file.channel().read(buffer, buffer.position()) > 0) {
      // A read may give less than is there.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String withoutLast(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }
}
