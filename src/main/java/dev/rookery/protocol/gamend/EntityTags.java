package dev.rookery.protocol.gamend;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The revisions of things in the headers ETag and If-Match (RFC 9110, 13.1.1). */
final class EntityTags {
  static final String ANY = "*";
  static final ErrorShape BAD_CONDITION = ErrorShape.of(400, "invalid_condition");

  private static final CharSequence ETAG = HttpHeaders.createOptimized("etag");
  private static final String WEAK = "W/";
  private static final int TAGS_MAX = 16;

  /** No thing has this revision. */
  private static final long NONE = -1;

  private EntityTags() {}

  static void set(ApiRequest request, String version) {
    request.context().response().putHeader(ETAG, "\"" + version + "\"");
  }

  static void set(ApiRequest request, long revision) {
    set(request, Long.toString(revision));
  }

  /**
   * Returns the revision that the thing must have; null if the request changes it whatever its
   * revision is. Only one can be given.
   */
  static @Nullable Long revision(ApiRequest request) {
    String match = list(request.context().request().headers(), HttpHeaders.IF_MATCH);
    if (match == null || match.strip().equals(ANY)) {
      return null;
    }
    Set<String> tags = parse(match.strip());
    if (tags.size() != 1) {
      throw new InvalidRequest(BAD_CONDITION, Map.of());
    }
    try {
      return Long.valueOf(tags.iterator().next());
    } catch (NumberFormatException _) {
      return NONE;
    }
  }

  /** The values of all lines of a header as one list; null if there are none (RFC 9110, 5.3). */
  static @Nullable String list(MultiMap headers, CharSequence name) {
    List<String> lines = headers.getAll(name);
    return lines.isEmpty() ? null : String.join(",", lines);
  }

  /** Reads a list of tags, with or without their quotes. */
  static Set<String> parse(String match) {
    var tags = new HashSet<String>();
    for (String part : match.split(",", TAGS_MAX + 1)) {
      // A proxy that compresses answers makes an ETag weak; the version is the same.
      String tag = part.strip();
      String strong = tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
      boolean quoted = strong.length() > 1 && strong.startsWith("\"") && strong.endsWith("\"");
      tags.add(quoted ? strong.substring(1, strong.length() - 1) : strong);
    }
    if (tags.size() > TAGS_MAX || tags.contains("")) {
      throw new InvalidRequest(BAD_CONDITION, Map.of());
    }
    return tags;
  }
}
