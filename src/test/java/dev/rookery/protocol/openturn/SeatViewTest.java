package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.game.GameSession.Step;
import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchEvent;
import dev.rookery.match.MatchView;
import dev.rookery.match.ShownPayloads;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What players are shown of the actions of others. */
final class SeatViewTest {
  private static final String CHOICE =
      "{\"actionID\":\"%s\",\"event\":\"choose\",\"payload\":%s,\"playerID\":%s}";

  private static Snapshot snapshot(String result) {
    return new Snapshot("{}", "{}", result, "{}", Map.of());
  }

  private static String record(String action, String payload, @Nullable String player) {
    return CHOICE.formatted(action, payload, player == null ? "null" : "\"" + player + "\"");
  }

  private static MatchEvent.Advanced chooses(String action, String player, String result) {
    return new MatchEvent.Advanced(
        "room",
        action.equals("m_1") ? 2 : 4,
        action,
        player,
        "client",
        List.of(
            new Step(
                record(action, "\"paper\"", player),
                "action",
                "{\"enqueued\":[{\"kind\":\"note\",\"payload\":\"paper\"}]}",
                snapshot("null")),
            new Step(
                record(action, "\"paper\"", null),
                "internal",
                "{\"enqueued\":[]}",
                snapshot(result))));
  }

  private static SeatView seat(String player, ShownPayloads payloads) {
    return SeatView.of(new MatchView("room", 0, "", snapshot("null"), List.of()), player, payloads);
  }

  private static String text(MatchEvent.Advanced event, SeatView seat) {
    return new String(ServerMessage.batch(event, seat).payload(), StandardCharsets.UTF_8);
  }

  @Test
  void showsTheChoicesOfOthersWhenTheMatchIsOver() {
    SeatView own = seat("0", ShownPayloads.OWN);
    SeatView other = seat("1", ShownPayloads.OWN);
    MatchEvent.Advanced first = chooses("m_1", "0", "null");

    assertThat(text(first, own)).contains("paper");
    assertThat(text(first, other)).doesNotContain("paper");
    own = own.after(first);
    other = other.after(first);
    assertThat(own.shownLog()).containsExactly(record("m_1", "\"paper\"", "0"));
    assertThat(other.shownLog()).containsExactly(record("m_1", "null", "0"));
    assertThat(ServerMessage.snapshotText(other)).doesNotContain("paper");

    MatchEvent.Advanced last = chooses("m_2", "1", "{\"draw\":true}");

    assertThat(text(last, own)).contains(record("m_1", "\"paper\"", "0"));
    assertThat(text(last, own)).contains(record("m_2", "\"paper\"", "1"));
    assertThat(other.after(last).shownLog())
        .containsExactly(record("m_1", "\"paper\"", "0"), record("m_2", "\"paper\"", "1"));
    assertThat(
            SeatView.of(
                    new MatchView(
                        "room",
                        2,
                        "m_1",
                        snapshot("null"),
                        List.of(first.steps().getFirst().record())),
                    "1",
                    ShownPayloads.OWN)
                .shownLog())
        .containsExactly(record("m_1", "null", "0"));
  }

  @Test
  void showsAllChoicesByDefault() {
    MatchEvent.Advanced first = chooses("m_1", "0", "null");

    assertThat(text(first, seat("1", ShownPayloads.ALL))).contains("paper");
  }
}
