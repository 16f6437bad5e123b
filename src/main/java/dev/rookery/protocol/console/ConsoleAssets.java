package dev.rookery.protocol.console;

import dev.rookery.base.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * The style sheet, the icons and the scripts of the console. They are compressed once, and their
 * paths carry a hash of all of them, so that browsers keep them until the server is updated.
 */
final class ConsoleAssets {
  static final String ROOT = "/admin/assets/";

  /** All files, below {@code resources/console}. A new module is one line here. */
  static final List<String> FILES =
      List.of(
          "console.css",
          "icons.svg",
          "js/console.mjs",
          "js/parts.mjs",
          "js/dialogs.mjs",
          "js/palette.mjs",
          "js/keys.mjs",
          "js/live.mjs",
          "js/editor.mjs",
          "js/explorer.mjs",
          "js/chart.mjs",
          "js/streams.mjs",
          "js/timeline.mjs",
          "js/wires.mjs",
          "js/playground.mjs");

  private static final int HASH_BYTES = 8;

  private record Asset(String type, Buffer plain, Buffer compressed) {}

  private final Map<String, Asset> assets = new LinkedHashMap<>();
  private final String path;

  ConsoleAssets() {
    MessageDigest digest = Sha256.begin();
    for (String file : FILES) {
      byte[] content = read("/console/" + file);
      digest.update(content);
      assets.put(file, new Asset(type(file), Buffer.buffer(content), compress(content)));
    }
    byte[] hash = digest.digest();
    this.path = ROOT + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + "/";
  }

  /** Returns the folder of the files, with a slash at its end. */
  String path() {
    return path;
  }

  void mount(Router router) {
    assets.forEach(
        (file, asset) ->
            router.get(path + file).setName(ROOT + file).handler(context -> send(context, asset)));
  }

  private static void send(RoutingContext context, Asset asset) {
    HttpServerResponse response =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, asset.type())
            .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable")
            .putHeader(HttpHeaders.VARY, "accept-encoding")
            .putHeader("cross-origin-resource-policy", "same-origin")
            .putHeader("x-content-type-options", "nosniff");
    if (takesGzip(context.request())) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(asset.compressed());
    } else {
      response.end(asset.plain());
    }
  }

  private static boolean takesGzip(HttpServerRequest request) {
    String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    return accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0");
  }

  private static String type(String file) {
    if (file.endsWith(".css")) {
      return "text/css; charset=utf-8";
    }
    return file.endsWith(".svg") ? "image/svg+xml" : "text/javascript; charset=utf-8";
  }

  private static byte[] read(String resource) {
    try (InputStream content = ConsoleAssets.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return content.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Buffer compress(byte[] content) {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Buffer.buffer(compressed.toByteArray());
  }
}
