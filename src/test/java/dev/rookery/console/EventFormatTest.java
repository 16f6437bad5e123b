package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.store.StreamReader.StoredEvent;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What admins see of events and topics, by their permissions. */
final class EventFormatTest {
  private static final Set<Permission> ALL = StreamRights.of(_ -> true);

  private static StreamEvent format(Set<Permission> rights, String type, String payload) {
    var stored = new StoredEvent(new Position(5, 7), type, 9, payload.length(), payload, false);
    return new EventFormat(rights).of("lobby:1", stored);
  }

  private static Set<Permission> allBut(Permission permission) {
    Set<Permission> rights = EnumSet.copyOf(ALL);
    rights.remove(permission);
    return rights;
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT_READ, ChatEvent.Sent, {}",
    "NOTIFICATIONS_READ, NotificationEvent.Posted, {}",
    "MATCHES_SECRET, MatchEvent.Advanced, {}",
    "PLAYERS_PERSONAL, LobbyEvent.Joined, '{\"player\":{\"email\":\"ann@example.com\"}}'"
  })
  void leavesOutPayloadsThatNeedAnotherPermission(Permission needed, String type, String payload) {
    StreamEvent hidden = format(allBut(needed), type, payload);
    assertThat(hidden.hidden()).isEqualTo(needed.text());
    assertThat(hidden.payload()).isEmpty();
    assertThat(format(ALL, type, payload).payload()).isEqualTo(payload);
  }

  @Test
  void showsPlayersWithoutAnEmailToAll() {
    String payload = "{\"player\":{\"email\":\"\",\"displayName\":\"\\\"email\\\":\\\"x\"}}";
    assertThat(format(allBut(Permission.PLAYERS_PERSONAL), "LobbyEvent.Joined", payload).hidden())
        .isEmpty();
  }

  @Test
  void foldsLongPayloadsBetweenCharacters() {
    StreamEvent folded = format(ALL, "A.B", "x".repeat(2_047) + "\ud83c\udfb2" + "y");
    assertThat(folded.folded()).isTrue();
    assertThat(folded.payload()).isEqualTo("x".repeat(2_047));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"player\":{\"id\":{\"value\":7},\"displayName\":\"Ann\"}} | Ann",
        "{\"player\":{\"id\":{\"value\":7},\"displayName\":\"\"}} | player 7",
        "{\"lobby\":{},\"player\":{\"value\":7}} | player 7",
        "{\"message\":{\"sender\":{\"value\":7}}} | player 7",
        "{\"playerID\":\"seat 1\"} | seat 1",
        "{\"revision\":1} | ''",
        "not JSON | ''"
      })
  void namesTheActorAsFarAsTheEventDoes(String payload, String actor) {
    assertThat(EventFormat.actor(payload)).isEqualTo(actor);
  }

  @Test
  void refusesTopicsWhosePermissionIsMissing() {
    StreamRights.require("lobby:1", ALL);
    assertThatThrownBy(() -> StreamRights.require("lobby:1", allBut(Permission.LOBBIES_READ)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.refusal())
                    .isEqualTo(
                        new Refusal.Denied(
                            "missing_permission", Map.of("permission", "lobbies.read"))));
    for (String unknown : new String[] {"", "lobby:", "peers:7", "x-room:a", "lobby:1\n"}) {
      assertThatThrownBy(() -> StreamRights.require(unknown, ALL)).hasMessage("unknown_topic");
    }
    assertThat(StreamRights.isFeed("lobbies")).isTrue();
    assertThat(StreamRights.isFeed("lobby:1")).isFalse();
  }
}
