package dev.rookery.webrtc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of a client's description and candidates is handed to the native library: one section of
 * data channels, and addresses that need no look-up of a name. The library would look up each name
 * with a thread of its own. Browsers that hide an address behind a name are found by the packets
 * that they send.
 */
final class OfferFilter {
  static final int CANDIDATES_MAX = 64;

  private static final int LENGTH_MAX = 64 << 10;
  private static final int ADDRESS = 4;
  private static final String CANDIDATE = "a=candidate:";

  private OfferFilter() {}

  /** The description without the candidates that are not used; null if it is refused. */
  static @Nullable String filter(String sdp) {
    if (sdp.length() > LENGTH_MAX) {
      return null;
    }
    List<String> kept = new ArrayList<>();
    int sections = 0;
    int candidates = 0;
    for (String line : sdp.split("\r?\n", -1)) {
      if (line.startsWith("m=")) {
        sections++;
        if (sections > 1 || !line.startsWith("m=application ")) {
          return null;
        }
      }
      if (!line.startsWith(CANDIDATE)) {
        kept.add(line);
      } else if (candidates < CANDIDATES_MAX && hasAddress(line.substring("a=".length()))) {
        candidates++;
        kept.add(line);
      }
    }
    return sections == 1 ? String.join("\r\n", kept) : null;
  }

  /** Whether a candidate names an IP address. */
  static boolean hasAddress(String candidate) {
    String[] parts = candidate.split(" ", -1);
    if (parts.length <= ADDRESS) {
      return false;
    }
    String address = parts[ADDRESS].toLowerCase(Locale.ROOT);
    boolean six = address.indexOf(':') >= 0;
    return !address.isEmpty()
        && address
            .chars()
            .allMatch(
                c ->
                    (c >= '0' && c <= '9')
                        || c == '.'
                        || (six && (c == ':' || c >= 'a' && c <= 'f')));
  }
}
