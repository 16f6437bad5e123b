package dev.rookery.webrtc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
  private static final String FINGERPRINT = "fingerprint";
  private static final String BUNDLE = "a=group:BUNDLE";
  private static final String ICE_LITE = "a=ice-lite";

  /** Hash functions of fingerprints, the best one first; the library reads one fingerprint. */
  private static final List<String> HASHES =
      List.of("sha-256", "sha-384", "sha-512", "sha-224", "sha-1");

  private static final Pattern MID = Pattern.compile("[A-Za-z0-9._+-]{1,64}");

  /** The attributes that are used, in the order in which they are written, and their values. */
  private static final List<Attribute> ATTRIBUTES =
      List.of(
          new Attribute("ice-ufrag", "[A-Za-z0-9+/=#_-]{4,256}", true),
          new Attribute("ice-pwd", "[A-Za-z0-9+/=#_-]{22,256}", true),
          new Attribute(
              FINGERPRINT,
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

  private final Map<String, String> values = new HashMap<>();
  private final List<String> candidates = new ArrayList<>();
  private @Nullable String media;
  private List<String> bundled = List.of();
  private boolean iceLite;

  /** Whether the fingerprint in use is of the section and not of the session. */
  private boolean ownFingerprint;

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
    var offer = new DataChannelOffer();
    for (String line : sdp.split("\r?\n", -1)) {
      if (!offer.read(line.stripTrailing())) {
        return null;
      }
    }
    return offer.written();
  }

  /** Takes what is used of a line; false if the offer is refused. */
  private boolean read(String line) {
    if (line.startsWith("m=")) {
      boolean first = media == null;
      media = line;
      return first && MEDIA.matcher(line).matches();
    }
    if (line.startsWith("a=candidate:")) {
      String candidate = CandidateText.rewrite(line);
      if (candidate != null && candidates.size() < CANDIDATES_MAX) {
        candidates.add(candidate);
      }
    } else if (line.equals(BUNDLE) || line.startsWith(BUNDLE + " ")) {
      bundled = List.of(line.substring(BUNDLE.length()).split(" "));
    } else if (line.equals(ICE_LITE)) {
      iceLite = true;
    } else if (line.startsWith("a=")) {
      return put(line.substring("a=".length()));
    }
    return true;
  }

  /** Whether this names a section of an offer, as candidates that come later do. */
  static boolean isMid(String text) {
    return MID.matcher(text).matches();
  }

  /** Keeps an attribute that is used; false if its value has another form. */
  private boolean put(String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    for (Attribute attribute : ATTRIBUTES) {
      if (attribute.name().equals(name)) {
        String value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
        if (!attribute.form().matcher(value).matches()) {
          return false;
        }
        // What the section says comes last, and counts.
        if (!name.equals(FINGERPRINT) || isBetterFingerprint(value)) {
          values.put(name, value);
        }
        return true;
      }
    }
    return true;
  }

  /** A certificate may have a fingerprint of each hash function (RFC 8122, section 5). */
  private boolean isBetterFingerprint(String value) {
    boolean own = media != null;
    String before = values.get(FINGERPRINT);
    boolean better = before == null || own != ownFingerprint || rank(value) < rank(before);
    ownFingerprint = own;
    return better;
  }

  private static int rank(String fingerprint) {
    String hash = fingerprint.substring(0, fingerprint.indexOf(' '));
    return HASHES.indexOf(hash.toLowerCase(Locale.ROOT));
  }

  private @Nullable String written() {
    String section = media;
    if (section == null) {
      return null;
    }
    var lines = new ArrayList<String>();
    lines.addAll(List.of("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"));
    String mid = values.get("mid");
    // The answer may group only what the offer did (RFC 9143, section 7.3).
    if (mid != null && bundled.contains(mid)) {
      lines.add(BUNDLE + " " + mid);
    }
    if (iceLite) {
      // The server then decides which candidates are used, because the client does not.
      lines.add(ICE_LITE);
    }
    lines.add(section);
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
