package dev.rookery.edge;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a body of the type {@code multipart/form-data} (RFC 7578). */
public final class MultipartBody {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "multipart/form-data\\s*;.*?boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70})).*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern NAME =
      Pattern.compile(
          "^content-disposition\\s*:\\s*form-data\\s*;.*?\\bname=\"([^\"]*)\"",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final String LINE_END = "\r\n";
  private static final byte[] HEADERS_END = bytes("\r\n\r\n");
  private static final int HEADERS_MAX = 4 << 10;
  private static final int PARTS_MAX = 16;

  private final byte[] body;
  private final byte[] delimiter;

  private MultipartBody(byte[] body, String boundary) {
    this.body = body;
    // Each delimiter follows a line end, the first one at least the start of the body.
    this.delimiter = bytes(LINE_END + "--" + boundary);
  }

  /**
   * The contents of the parts by name.
   *
   * @return null if the body is malformed, a name occurs twice, or the type is another
   */
  public static @Nullable Map<String, byte[]> read(String contentType, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.matches()) {
      return null;
    }
    String quoted = boundary.group(1);
    return new MultipartBody(body, quoted == null ? boundary.group(2) : quoted).parts();
  }

  private @Nullable Map<String, byte[]> parts() {
    var parts = new HashMap<String, byte[]>();
    int at = afterFirstDelimiter();
    while (at >= 0 && !startsWith(at, "--")) {
      int headers = startsWith(at, LINE_END) ? at : -1;
      int start = headers < 0 ? -1 : indexOf(HEADERS_END, headers);
      int end = start < 0 ? -1 : indexOf(delimiter, start + LINE_END.length());
      if (end < 0 || start - headers > HEADERS_MAX || parts.size() == PARTS_MAX) {
        return null;
      }
      String name = name(headers, start);
      int from = start + HEADERS_END.length;
      if (name == null || from > end || parts.containsKey(name)) {
        return null;
      }
      byte[] content = new byte[end - from];
      System.arraycopy(body, from, content, 0, content.length);
      parts.put(name, content);
      at = end + delimiter.length;
    }
    return at < 0 ? null : parts;
  }

  private int afterFirstDelimiter() {
    String first = new String(delimiter, StandardCharsets.ISO_8859_1).substring(2);
    if (startsWith(0, first)) {
      return first.length();
    }
    int found = indexOf(delimiter, 0);
    return found < 0 ? -1 : found + delimiter.length;
  }

  private @Nullable String name(int from, int to) {
    Matcher name = NAME.matcher(new String(body, from, to - from, StandardCharsets.UTF_8));
    return name.find() ? name.group(1) : null;
  }

  private boolean startsWith(int at, String text) {
    byte[] expected = bytes(text);
    return at + expected.length <= body.length && matches(expected, at);
  }

  private int indexOf(byte[] wanted, int from) {
    for (int at = from; at <= body.length - wanted.length; at++) {
      if (matches(wanted, at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean matches(byte[] wanted, int at) {
    for (int i = 0; i < wanted.length; i++) {
      if (body[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
