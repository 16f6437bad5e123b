package dev.rookery.webrtc;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a client's ICE candidate (RFC 8839), read and written anew, so that nothing but
 * values of known form reaches the native library.
 *
 * <p>Candidates that name a host are not used: the library would look up each name with a thread of
 * its own. Browsers that hide an address behind a name are found by the packets that they send.
 */
final class CandidateText {
  private static final Pattern FORM =
      Pattern.compile(
          "candidate:(?<foundation>[A-Za-z0-9+/]{1,64}) (?<component>[12])"
              + " (?<transport>(?i:udp|tcp)) (?<priority>[0-9]{1,10})"
              + " (?<address>[0-9A-Fa-f.:]{2,45}) (?<port>[0-9]{1,5}) typ"
              + " (?<type>host|srflx|prflx|relay)(?<rest>(?: .*)?)");

  private static final Pattern TCP_TYPE = Pattern.compile(" tcptype (active|passive|so)(?= |$)");
  private static final int LENGTH_MAX = 1_024;
  private static final long PRIORITY_MAX = 0xffff_ffffL;
  private static final int PORT_MAX = 0xffff;

  private CandidateText() {}

  /**
   * The candidate with the parts that are used; null if it is not one, or names a host. Some
   * clients send the whole line of a description, with its {@code a=} and its end.
   */
  static @Nullable String rewrite(String candidate) {
    if (candidate.length() > LENGTH_MAX) {
      return null;
    }
    String line = candidate.strip();
    Matcher parts = FORM.matcher(line.startsWith("a=") ? line.substring("a=".length()) : line);
    if (!parts.matches()) {
      return null;
    }
    String address = address(parts.group("address"));
    long priority = Long.parseLong(parts.group("priority"));
    int port = Integer.parseInt(parts.group("port"));
    if (address == null || priority > PRIORITY_MAX || port > PORT_MAX) {
      return null;
    }
    String transport = parts.group("transport").toLowerCase(Locale.ROOT);
    String written =
        "candidate:"
            + String.join(
                " ",
                List.of(
                    parts.group("foundation"),
                    parts.group("component"),
                    transport,
                    Long.toString(priority),
                    address,
                    Integer.toString(port),
                    "typ",
                    parts.group("type")));
    Matcher tcpType = TCP_TYPE.matcher(parts.group("rest"));
    return transport.equals("tcp") && tcpType.find()
        ? written + " tcptype " + tcpType.group(1)
        : written;
  }

  private static @Nullable String address(String text) {
    // Shorter forms of IPv4 are numbers to some readers, and names to others.
    if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException other) {
      return null;
    }
  }
}
