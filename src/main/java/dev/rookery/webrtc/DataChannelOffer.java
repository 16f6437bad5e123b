package dev.rookery.webrtc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client's offer of data channels (RFC 8841), read and written anew, so that nothing but values
 * of known form reaches the native library.
 *
 * <p>The library (0.14.0) uses what it cannot read as the format of its error message: an offer
 * with {@code %n} in it would end the process, or worse.
 */
final class DataChannelOffer {
  /** Candidates of a client that are used; browsers send about a dozen. */
  static final int CANDIDATES_MAX = 64;

  private static final int LENGTH_MAX = 64 << 10;
  private static final Pattern MID = Pattern.compile("[A-Za-z0-9._+-]{1,64}");

  /** The attributes that are used, in the order in which they are written, and their values. */
  private static final List<Attribute> ATTRIBUTES =
      List.of(
          new Attribute("ice-ufrag", "[A-Za-z0-9+/=#_-]{4,256}", true),
          new Attribute("ice-pwd", "[A-Za-z0-9+/=#_-]{22,256}", true),
          new Attribute(
              "fingerprint",
              "(?i:sha-(?:1|224|256|384|512)) [0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){19,63}",
              true),
          new Attribute("setup", "actpass|active|passive", false),
          new Attribute("mid", MID.pattern(), false),
          new Attribute("sctp-port", "[0-9]{1,5}", false),
          new Attribute("sctpmap", "[0-9]{1,5} webrtc-datachannel(?: [0-9]{1,5})?", false),
          new Attribute("max-message-size", "[0-9]{1,10}", false));

  private static final Pattern MEDIA =
      Pattern.compile(
          "m=application [0-9]{1,5} (?:(?:UDP|TCP)/DTLS/SCTP webrtc-datachannel|DTLS/SCTP"
              + " [0-9]{1,5})");

  private DataChannelOffer() {}

  /** An attribute: its name, the form of its value, and whether an offer without it is refused. */
  private record Attribute(String name, Pattern form, boolean required) {
    Attribute(String name, String form, boolean required) {
      this(name, Pattern.compile(form), required);
    }
  }

  /**
   * The offer with the parts that are used; null if it is refused: it has another section than one
   * of data channels, lacks what a connection needs, or has a value of another form.
   */
  static @Nullable String rewrite(String sdp) {
    if (sdp.length() > LENGTH_MAX) {
      return null;
    }
    var values = new HashMap<String, String>();
    List<String> candidates = new ArrayList<>();
    String media = null;
    for (String written : sdp.split("\r?\n", -1)) {
      String line = written.stripTrailing();
      if (line.startsWith("m=")) {
        if (media != null || !MEDIA.matcher(line).matches()) {
          return null;
        }
        media = line;
      } else if (line.startsWith("a=candidate:")) {
        String candidate = CandidateText.rewrite(line);
        if (candidate != null && candidates.size() < CANDIDATES_MAX) {
          candidates.add(candidate);
        }
      } else if (line.startsWith("a=") && !put(values, line.substring("a=".length()))) {
        return null;
      }
    }
    return media == null ? null : written(media, values, candidates);
  }

  /** Whether this names a section of an offer, as candidates that come later do. */
  static boolean isMid(String text) {
    return MID.matcher(text).matches();
  }

  /** Keeps an attribute that is used; false if its value has another form. */
  private static boolean put(Map<String, String> values, String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    for (Attribute attribute : ATTRIBUTES) {
      if (attribute.name().equals(name)) {
        String value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
        // What the section says comes last, and counts.
        values.put(name, value);
        return attribute.form().matcher(value).matches();
      }
    }
    return true;
  }

  private static @Nullable String written(
      String media, Map<String, String> values, List<String> candidates) {
    var lines = new ArrayList<String>();
    lines.addAll(List.of("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"));
    String mid = values.get("mid");
    if (mid != null) {
      lines.add("a=group:BUNDLE " + mid);
    }
    lines.add(media);
    lines.add("c=IN IP4 0.0.0.0");
    for (Attribute attribute : ATTRIBUTES) {
      String value = values.get(attribute.name());
      if (value != null) {
        lines.add("a=" + attribute.name() + ":" + value);
      } else if (attribute.required()) {
        return null;
      }
    }
    // Clients ask for it; candidates are sent one after another in any case.
    lines.add("a=ice-options:trickle");
    candidates.forEach(candidate -> lines.add("a=" + candidate));
    return String.join("\r\n", lines) + "\r\n";
  }
}
