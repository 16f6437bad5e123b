package dev.rookery.protocol.docs;

import dev.rookery.base.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * A response that is made once and sent many times: as it is, or compressed to clients that accept
 * that. A client that has it already is told so without its content (RFC 9110, section 13).
 */
final class StoredResponse {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final int TAG_BYTES = 12;

  private final int status;
  private final String type;
  private final String tag;
  private final Buffer content;
  private final Buffer compressed;

  private StoredResponse(int status, String type, byte[] content) {
    this.status = status;
    this.type = type;
    this.tag = digest(content);
    this.content = Buffer.buffer(content);
    this.compressed = Buffer.buffer(compress(content));
  }

  static StoredResponse page(int status, String html) {
    return new StoredResponse(
        status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  static StoredResponse text(String type, String text) {
    return new StoredResponse(200, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static StoredResponse file(String type, byte[] content) {
    return new StoredResponse(200, type, content);
  }

  void send(HttpServerRequest request) {
    boolean small = contains(request, HttpHeaders.ACCEPT_ENCODING, "gzip");
    // What a cache may send in place of the other must not have its tag.
    String sent = small ? "\"" + tag + "-gzip\"" : "\"" + tag + "\"";
    HttpServerResponse response =
        request
            .response()
            .putHeader(HttpHeaders.ETAG, sent)
            .putHeader(HttpHeaders.VARY, "accept-encoding")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader("content-security-policy", POLICY)
            .putHeader("referrer-policy", "no-referrer")
            .putHeader("x-content-type-options", "nosniff");
    if (status == 200 && has(request, sent)) {
      response.setStatusCode(304).end();
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (small) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(compressed);
    } else {
      // Compression by the server, where it is on, would make another entity of the same tag.
      response.putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY).end(content);
    }
  }

  private static boolean has(HttpServerRequest request, String tag) {
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return known != null
        && Arrays.stream(known.split(","))
            .map(String::strip)
            .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
  }

  private static boolean contains(HttpServerRequest request, CharSequence header, String word) {
    String value = request.getHeader(header);
    return value != null && value.toLowerCase(Locale.ROOT).contains(word);
  }

  private static String digest(byte[] content) {
    return HexFormat.of().formatHex(Sha256.hash(content), 0, TAG_BYTES);
  }

  private static byte[] compress(byte[] content) {
    var compressed = new ByteArrayOutputStream(content.length / 2 + 64);
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return compressed.toByteArray();
  }
}
