package dev.rookery.protocol.page;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The time zones that players choose from. */
final class TimeZones {
  /** Zones by a place, without names that stand for the same ones. */
  private static final Pattern PLACE =
      Pattern.compile(
          "(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+");

  private static final Set<String> NAMES = Set.copyOf(ZoneId.getAvailableZoneIds());

  private static final List<Map<String, String>> OPTIONS =
      Stream.concat(
              Stream.of(Map.of("value", "", "label", "UTC")),
              NAMES.stream()
                  .filter(zone -> PLACE.matcher(zone).matches())
                  .sorted()
                  .map(zone -> Map.of("value", zone, "label", zone.replace('_', ' '))))
          .toList();

  private TimeZones() {}

  /** The zones as the macro {@code choice} shows them. */
  static List<Map<String, String>> options() {
    return OPTIONS;
  }

  /** The name of a zone in the options. */
  static String name(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? "" : zone.getId();
  }

  /** The zone of a name; UTC if there is none. */
  static ZoneId of(String name) {
    return NAMES.contains(name) ? ZoneId.of(name) : ZoneOffset.UTC;
  }
}
