package dev.rookery.benchmark;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What connected players do. Each has a socket; the shares are of all of them, and who is in none
 * of them has an open socket and nothing else.
 *
 * @param chatting percentage who are in a lobby and send messages
 * @param messagesPerHour of each of these
 * @param members of such a lobby, who all receive each message
 * @param gathering percentage who gather in lobbies of four: one creates it, three join, all leave
 * @param lobbiesPerHour how often each of these does
 * @param playing percentage who are in matches of two
 * @param actionsPerHour of each of these
 * @param sessionMinutes after which a player signs in and connects again
 */
public record PlayerMix(
    double chatting,
    double messagesPerHour,
    int members,
    double gathering,
    double lobbiesPerHour,
    double playing,
    double actionsPerHour,
    double sessionMinutes) {
  /** The mix that is used if none is named. */
  public static final String DEFAULT = "mixed";

  private static final Map<String, PlayerMix> NAMED =
      new TreeMap<>(
          Map.of(
              "connected",
              new PlayerMix(0, 60, 10, 0, 6, 0, 600, 30),
              "chat",
              new PlayerMix(60, 60, 10, 0, 6, 0, 600, 30),
              "lobbies",
              new PlayerMix(0, 60, 10, 40, 6, 0, 600, 30),
              "matches",
              new PlayerMix(0, 60, 10, 0, 6, 80, 600, 30),
              DEFAULT,
              new PlayerMix(30, 60, 10, 20, 6, 30, 600, 30)));

  private static final int PERCENT = 100;

  public PlayerMix {
    if (chatting < 0 || gathering < 0 || playing < 0 || chatting + gathering + playing > PERCENT) {
      throw new IllegalArgumentException(
          "the shares who chat, gather and play must be at most 100 % together");
    }
    if (members < 1 || !(sessionMinutes > 0)) {
      throw new IllegalArgumentException("a lobby has members, and a session takes time");
    }
  }

  /**
   * A mix by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static PlayerMix named(String name) {
    @Nullable PlayerMix found = NAMED.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "model: no mix " + name + ", but " + String.join(", ", NAMED.keySet()));
    }
    return found;
  }

  /** The percentage who do nothing but being connected. */
  public double idle() {
    return PERCENT - chatting - gathering - playing;
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "%.0f %% connected only; %.0f %% chat in lobbies of %d, %.0f messages an hour each;"
            + " %.0f %% gather in lobbies of 4, %.0f an hour;"
            + " %.0f %% play matches of 2, %.0f actions an hour; sessions of %.0f minutes",
        idle(),
        chatting,
        members,
        messagesPerHour,
        gathering,
        lobbiesPerHour,
        playing,
        actionsPerHour,
        sessionMinutes);
  }
}
