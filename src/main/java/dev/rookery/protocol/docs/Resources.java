package dev.rookery.protocol.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads files of the class path; one that is missing is a broken build. */
final class Resources {
  private Resources() {}

  static byte[] bytes(String path) {
    try (InputStream content = Resources.class.getResourceAsStream(path)) {
      if (content == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String path) {
    return new String(bytes(path), StandardCharsets.UTF_8);
  }
}
