package dev.rookery.loadrun;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The scenarios of the load test that need nothing but players. */
public enum LoadScenario {
  /** Players join lobbies, chat, move, lose their connection and resume. */
  PLAY(2, 4_000),
  /** Players chat in lobbies of ten; every member gets every message. */
  CHAT(10, 2_000),
  /** Friends send messages to each other. */
  DIRECT(2, 2_000),
  /** Each player reads their profile again and again. */
  ME(1, 1_000),
  /** Four players create a lobby, join it and leave, again and again. */
  LOBBY(4, 2_000),
  /** Signed-in sockets that do nothing. */
  IDLE(1, 10_000);

  private static final int LOBBY_MEMBERS = 10;
  private static final int PLAYERS_PER_LOBBY = 8;
  private static final int LOBBY_PLAYERS = 4;

  private final int playersMin;
  private final int playersMax;

  LoadScenario(int playersMin, int playersMax) {
    this.playersMin = playersMin;
    this.playersMax = playersMax;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int playersMin() {
    return playersMin;
  }

  public int playersMax() {
    return playersMax;
  }

  public static Optional<LoadScenario> of(String text) {
    return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
  }

  /** The arguments of the load test for so many players. */
  List<String> arguments(int players) {
    return switch (this) {
      case PLAY ->
          List.of("--players=" + players, "--lobbies=" + Math.max(1, players / PLAYERS_PER_LOBBY));
      case CHAT -> List.of("--channels=" + players / LOBBY_MEMBERS, "--members=" + LOBBY_MEMBERS);
      case DIRECT -> List.of("--pairs=" + players / 2);
      case ME -> List.of("--connections=" + players);
      case LOBBY -> List.of("--connections=" + players / LOBBY_PLAYERS);
      case IDLE -> List.of("--sockets=" + players);
    };
  }
}
