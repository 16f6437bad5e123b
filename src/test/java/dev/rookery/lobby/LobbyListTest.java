package dev.rookery.lobby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.lobby.LobbyCommand.Open;
import dev.rookery.lobby.LobbyCommand.OpenHostless;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery.Filter;
import dev.rookery.lobby.LobbyQuery.ListOpen;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import dev.rookery.store.Dialect;
import dev.rookery.store.LongLists;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.NumberedRows;
import dev.rookery.testkit.QueryPlans;
import dev.rookery.testkit.RecordingDatabase;
import dev.rookery.testkit.TestStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LobbyListTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final Filter ANY = new Filter(null, null, null, null, null, null, null);

  @ParameterizedTest
  @MethodSource(ALL)
  void listsLobbiesInPagesWithoutHiddenOnes(TestStore store) {
    try (var node = new LobbyNode(store)) {
      open(node, "A", "B", "C", "D", "E");
      node.ask(new OpenHostless(new Settings("H", null, true, null, null, null, null)));

      Page<Lobby> second = node.ask(new ListOpen(ANY, new Page.Request(2, 2)));

      assertThat(second.items()).extracting(Lobby::title).containsExactly("C", "D");
      assertThat(second.total()).isEqualTo(5);
      Page<Lobby> beyond = node.ask(new ListOpen(ANY, new Page.Request(9, 2)));
      assertThat(beyond.items()).isEmpty();
      assertThat(beyond.total()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void browsesAllLobbiesInBothDirections(TestStore store) {
    try (var node = new LobbyNode(store)) {
      open(node, "A", "B", "C", "D");
      node.ask(new OpenHostless(new Settings("H", null, true, null, null, null, null)));

      List<WatchedLobby> first = browse(node, null, null, false);
      assertThat(first).extracting(one -> one.lobby().title()).containsExactly("H", "D");
      var second = browse(node, null, first.getLast().lobby().id(), false);
      assertThat(second).extracting(one -> one.lobby().title()).containsExactly("C", "B");
      assertThat(browse(node, null, second.getFirst().lobby().id(), true)).isEqualTo(first);
      assertThat(browse(node, true, null, false))
          .extracting(one -> one.lobby().title())
          .containsExactly("H");

      assertThat(node.ask(new LobbyQuery.CountLobbies(ANY, null, 10))).isEqualTo(5);
      assertThat(node.ask(new LobbyQuery.CountLobbies(ANY, null, 3))).isEqualTo(3);
      assertThat(node.ask(new LobbyQuery.CountLobbies(title("a"), false, 10))).isEqualTo(1);
    }
  }

  private static List<WatchedLobby> browse(
      LobbyNode node, @Nullable Boolean hidden, @Nullable LobbyId cursor, boolean backwards) {
    return node.ask(new LobbyQuery.Browse(ANY, hidden, cursor, backwards, 2));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsALobbyWithItsHost(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var ann = node.createPlayer("Ann");
      var lobby =
          node.ask(new Open(ann, new Settings("A", null, null, null, null, null, null), null));

      assertThat(node.ask(new ListOpen(ANY, new Page.Request(1, 10))).items())
          .containsExactly(lobby);
      assertThat(lobby.hostName()).isEqualTo("Ann");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsTitlesByTheirPrefixInAnyCase(TestStore store) {
    try (var node = new LobbyNode(store)) {
      open(node, "Äpfel", "äPFELKUCHEN", "100%", "1000", "a_b", "axb", "'; DROP TABLE lobby; --");

      assertThat(titles(node, title(" ÄPFEL "))).containsExactly("Äpfel", "äPFELKUCHEN");
      assertThat(titles(node, title("100%"))).containsExactly("100%");
      assertThat(titles(node, title("a_"))).containsExactly("a_b");
      assertThat(titles(node, title("';"))).containsExactly("'; DROP TABLE lobby; --");
      assertThat(titles(node, title("pfel"))).isEmpty();
      assertThat(titles(node, title("  "))).hasSize(7);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void filtersByBothValuesOfAFlag(TestStore store) {
    try (var node = new LobbyNode(store)) {
      node.ask(new OpenHostless(new Settings("open", null, null, null, null, null, null)));
      node.ask(new OpenHostless(new Settings("locked", null, null, true, null, null, null)));
      node.ask(new OpenHostless(new Settings("secret", null, null, null, "x", null, null)));

      assertThat(titles(node, new Filter(null, true, null, null, null, null, null)))
          .containsExactly("secret");
      assertThat(titles(node, new Filter(null, false, null, null, null, null, null)))
          .containsExactly("open", "locked");
      assertThat(titles(node, new Filter(null, null, true, null, null, null, null)))
          .containsExactly("locked");
      assertThat(titles(node, new Filter(null, false, false, null, null, null, null)))
          .containsExactly("open");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void includesTheBoundsOnSeats(TestStore store) {
    try (var node = new LobbyNode(store)) {
      for (int seats : new int[] {2, 4, 8}) {
        node.ask(new OpenHostless(new Settings("" + seats, seats, null, null, null, null, null)));
      }

      assertThat(titles(node, new Filter(null, null, null, 4, null, null, null)))
          .containsExactly("4", "8");
      assertThat(titles(node, new Filter(null, null, null, null, 4, null, null)))
          .containsExactly("2", "4");
      assertThat(titles(node, new Filter(null, null, null, 3, 5, null, null))).containsExactly("4");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsMetadataByKeyAndByPartOfItsText(TestStore store) {
    try (var node = new LobbyNode(store)) {
      open(node, "none");
      data(node, "text", Map.of("k", "red apple"));
      data(node, "number", Map.of("k", 1.5));
      data(node, "flag", Map.of("k", true));
      data(node, "object", Map.of("k", Map.of("in", List.of("x"))));
      var empty = new java.util.HashMap<String, Object>();
      empty.put("k", null);
      data(node, "null", empty);

      assertThat(titles(node, metadata("k", null)))
          .containsExactly("text", "number", "flag", "object");
      assertThat(titles(node, metadata("k", "apple"))).containsExactly("text");
      assertThat(titles(node, metadata("k", "Apple"))).isEmpty();
      assertThat(titles(node, metadata("k", "1.5"))).containsExactly("number");
      assertThat(titles(node, metadata("k", "true"))).containsExactly("flag");
      assertThat(titles(node, metadata("k", "{\"in\":[\"x\"]}"))).containsExactly("object");
      assertThat(titles(node, metadata("other", null))).isEmpty();
      assertThat(node.ask(new ListOpen(metadata("k", null), new Page.Request(1, 1))).total())
          .isEqualTo(4);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void takesUnusualKeysLiterally(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var odd =
          List.of(
              "a.b", "$.a", "$", "[0]", "a\"b", "a'b", "a\\b", "", " ", "0", "é🎲", "a\nb", "%",
              "#>");
      for (int i = 0; i < odd.size(); i++) {
        data(node, "lobby " + i, Map.of(odd.get(i), "v", "other", 1));
      }

      for (String key : odd) {
        if (!key.isEmpty()) {
          assertThat(datas(node, metadata(key, "v"))).as(key).containsExactly(key);
        }
      }
      assertThat(titles(node, metadata("a", null))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsTitlesTheLastSavedAndTheMarkedByIndexes(TestStore store) {
    try (var node = new LobbyNode(store)) {
      open(node, "A", "B");
    }
    // PostgreSQL has no reason to prefer an index of few rows while there are few rows.
    many(store, 500);
    if (store.database().dialect() == Dialect.POSTGRES) {
      store.database().write(tx -> tx.run("ANALYZE lobby").size());
    }
    var database = new RecordingDatabase(store.database());
    var longLists = new LongLists(store.clock());
    var page = new Page.Request(1, 10);

    assertThat(LobbyListStore.list(database, longLists, title("a"), page).total()).isEqualTo(1);
    assertThat(QueryPlans.of(database)).contains("lobby_title");
    var titled = new LobbyQuery.Browse(title("a"), null, null, false, 10);
    assertThat(LobbyListStore.browse(database, titled)).hasSize(1);
    assertThat(QueryPlans.of(database)).contains("lobby_title");
    assertThat(LobbyListStore.listAll(database, longLists, ANY, null, page).total()).isEqualTo(502);
    assertThat(QueryPlans.of(database)).contains("lobby_updated");
    for (var marked :
        Map.of(
                "lobby_locked", new Filter(null, null, true, null, null, null, null),
                "lobby_seats", new Filter(null, null, null, 7, 7, null, null),
                "lobby_protected", new Filter(null, true, null, null, null, null, null))
            .entrySet()) {
      assertThat(LobbyListStore.list(database, longLists, marked.getValue(), page).total())
          .isZero();
      assertThat(QueryPlans.of(database)).contains(marked.getKey());
      assertThat(LobbyListStore.count(database, marked.getValue(), null, 10)).isZero();
      assertThat(QueryPlans.of(database)).contains(marked.getKey());
    }
    var hidden = new LobbyQuery.Browse(ANY, true, null, false, 10);
    assertThat(LobbyListStore.browse(database, hidden)).isEmpty();
    assertThat(QueryPlans.of(database)).contains("lobby_hidden");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void looksThroughTheNewestForWhatNoIndexFinds(TestStore store) {
    try (var node = new LobbyNode(store)) {
      node.ask(new OpenHostless(new Settings("old", 8, null, true, null, null, null)));
      many(store, LobbyQuery.LOOKED_THROUGH_MAX - 1);
      var large = new Filter(null, null, null, 5, null, null, null);
      assertThat(titles(node, large)).containsExactly("old");

      many(store, 1);

      Page<Lobby> found = node.ask(new ListOpen(large, new Page.Request(1, 10)));
      assertThat(found.items()).isEmpty();
      assertThat(found.total()).isZero();
      assertThat(titles(node, new Filter("OL", null, null, 5, null, null, null)))
          .containsExactly("old");
      assertThat(titles(node, new Filter(null, null, true, null, null, null, null)))
          .containsExactly("old");
    }
  }

  private static void many(TestStore store, long number) {
    NumberedRows.insert(
        store.database(),
        1,
        number,
        """
        INSERT INTO lobby (title, title_key, hostless, seats_max, hidden, locked, metadata,
          slowdown_s, members, revision, created_ms)
        SELECT 'New ' || n, 'new ' || n, 1, 4, 0, 0, '{}', 0, 0, 1, 1 FROM number
        """);
  }

  private static void open(LobbyNode node, String... titles) {
    Arrays.stream(titles)
        .forEach(
            title ->
                node.ask(
                    new OpenHostless(new Settings(title, null, null, null, null, null, null))));
  }

  private static void data(LobbyNode node, String title, Map<String, Object> metadata) {
    node.ask(new OpenHostless(new Settings(title, null, null, null, null, metadata, null)));
  }

  private static List<String> titles(LobbyNode node, Filter filter) {
    return list(node, filter).stream().map(Lobby::title).toList();
  }

  /** The keys by which the found lobbies were made. */
  private static List<String> datas(LobbyNode node, Filter filter) {
    return list(node, filter).stream()
        .flatMap(lobby -> lobby.metadata().keySet().stream())
        .filter(key -> !key.equals("other"))
        .toList();
  }

  private static List<Lobby> list(LobbyNode node, Filter filter) {
    return node.ask(new ListOpen(filter, new Page.Request(1, 100))).items();
  }

  private static Filter title(String prefix) {
    return new Filter(prefix, null, null, null, null, null, null);
  }

  private static Filter metadata(String key, @Nullable String value) {
    return new Filter(null, null, null, null, null, key, value);
  }
}
