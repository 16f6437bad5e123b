package dev.rookery.player;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Limits;
import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Topic;
import dev.rookery.store.Database;
import dev.rookery.testkit.NumberedRows;
import dev.rookery.testkit.QueryPlans;
import dev.rookery.testkit.RecordingDatabase;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles and lobby membership of players, on both databases. */
@ExtendWith(VertxExtension.class)
final class PlayerTest {
  private static final LobbyId LOBBY = new LobbyId(5);

  private TestBus node;

  @BeforeEach
  void start(Vertx vertx) {
    node = new TestBus(vertx);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void findsAllPlayersOfConcurrentRequests(TestStore store) {
    open(store);
    var players = IntStream.range(0, 150).mapToObj(i -> createByDevice(store, "d" + i)).toList();
    var requests = players.stream().map(id -> node.bus().ask(new PlayerCommand.Find(id))).toList();
    var unknown = node.bus().ask(new PlayerCommand.Find(new PlayerId(10_000)));
    TestBus.await(Future.all(requests));

    assertThat(requests.stream().map(Future::result).map(Player::id)).isEqualTo(players);
    assertThat(TestBus.refusal(unknown)).isEqualTo(new Missing("not_found"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void renameIsAppendedToOwnStreamAndThenToLobbyStream(TestStore store) {
    open(store);
    var ann = createByDevice(store, "ann");
    joinLobby(store, ann);
    int before = store.published().size();
    var renamed = node.ask(new PlayerCommand.Rename(ann, "<b>Ann</b> ' \" 🦊"));

    assertThat(renamed.displayName()).isEqualTo("<b>Ann</b> ' \" 🦊");
    assertThat(store.published().subList(before, store.published().size()))
        .extracting(CommittedEvent::stream, CommittedEvent::event)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                Topic.player(ann), new PlayerEvent.Changed(renamed)),
            org.assertj.core.groups.Tuple.tuple(
                Topic.lobby(LOBBY), new PlayerEvent.Changed(renamed)));
    assertThat(node.ask(new PlayerCommand.Rename(ann, " \t ")).displayName()).isEmpty();
    assertThat(node.ask(new PlayerCommand.Rename(ann, null)).displayName()).isEmpty();
    assertThat(node.ask(new PlayerCommand.Rename(ann, "🦊".repeat(80))).revision())
        .isGreaterThan(renamed.revision());
    assertThat(node.refusal(new PlayerCommand.Rename(ann, "x".repeat(81))))
        .isEqualTo(Invalid.field("display_name", "should be at most 80 character(s)"));
    assertThat(node.refusal(new PlayerCommand.Rename(new PlayerId(99), "x")))
        .isEqualTo(new Missing("not_found"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void usernamesAreUniqueAndApartFromDisplayNames(TestStore store) {
    open(store);
    var ann = createNamed(store, "Same");
    var bob = createNamed(store, "Same");
    String generated = node.ask(new PlayerCommand.FindUsername(ann));
    assertThat(generated).isEqualTo("player" + ann);
    assertThat(findByUsername(generated.toUpperCase(Locale.ROOT))).isEqualTo(ann);

    assertThat(node.ask(new PlayerCommand.ChangeUsername(ann, "Änne_1"))).isEqualTo("Änne_1");

    assertThat(node.ask(new PlayerCommand.FindUsername(ann))).isEqualTo("Änne_1");
    assertThat(node.ask(new PlayerCommand.Find(ann)).displayName()).isEqualTo("Same");
    assertThat(findByUsername("äNNE_1")).isEqualTo(ann);
    assertThat(node.refusal(new PlayerCommand.FindByUsername(generated)))
        .isEqualTo(new Missing("not_found"));
    var taken = Invalid.field("username", "has already been taken");
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "ÄNNE_1"))).isEqualTo(taken);
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "Player" + ann)))
        .isEqualTo(taken);
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "player999"))).isEqualTo(taken);
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "GUEST:1"))).isEqualTo(taken);
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "0" + ann))).isEqualTo(taken);
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "two words")))
        .isEqualTo(Invalid.field("username", "is invalid"));
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(bob, "x".repeat(129))))
        .isEqualTo(Invalid.field("username", "should be at most 128 character(s)"));
    assertThat(node.refusal(new PlayerCommand.ChangeUsername(new PlayerId(99), "free")))
        .isEqualTo(new Missing("not_found"));
    assertThat(node.ask(new PlayerCommand.ChangeUsername(ann, "Player" + ann)))
        .isEqualTo(generated);
    assertThat(node.ask(new PlayerCommand.ChangeUsername(bob, "ÄNNE_1"))).isEqualTo("ÄNNE_1");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void findsEachSpellingOfAnEmailByItsOwn(TestStore store) {
    open(store);
    var ann = createByDevice(store, "ann");
    var bob = createByDevice(store, "bob");
    setEmail(store, ann, "\u00e4nn@example.com");
    // As earlier releases stored it, in lower case only.
    setEmail(store, bob, "a\u0308nn@example.com");

    assertThat(findByEmail(" \u00c4NN@example.com")).isEqualTo(ann);
    assertThat(findByEmail("A\u0308NN@example.com")).isEqualTo(bob);

    setEmail(store, bob, "bob@example.com");
    assertThat(findByEmail("A\u0308NN@example.com")).isEqualTo(ann);
    assertThat(node.refusal(new PlayerCommand.FindByEmail("nobody@example.com")))
        .isEqualTo(new Missing("not_found"));
  }

  private static void setEmail(TestStore store, PlayerId player, String email) {
    store
        .database()
        .write(tx -> tx.run("UPDATE player SET email = $1 WHERE id = $2", email, player.value()));
  }

  private PlayerId findByEmail(String email) {
    return node.ask(new PlayerCommand.FindByEmail(email)).player().id();
  }

  private PlayerId findByUsername(String username) {
    return node.ask(new PlayerCommand.FindByUsername(username)).player().id();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void searchMatchesNamePrefixIgnoringCase(TestStore store) {
    open(store);
    var anna = createNamed(store, "Anna");
    var anton = createNamed(store, "ANTON");
    var aenne = createNamed(store, "Änne");
    var percent = createNamed(store, "a%b");
    createNamed(store, "Bob");
    createNamed(store, "");

    assertThat(search("an")).containsExactly(anna, anton);
    assertThat(search("ANN")).containsExactly(anna);
    assertThat(search("äN")).containsExactly(aenne);
    assertThat(search("a%")).containsExactly(percent);
    assertThat(search("a_")).isEmpty();
    assertThat(search("' OR 1=1 --")).isEmpty();
    assertThat(search("")).isEmpty();
    assertThat(search("a\0")).isEmpty();
    assertThat(search("x".repeat(10_000))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void searchMatchesIdsAndOnlyCompleteEmails(TestStore store) {
    open(store);
    var ann = register(store, "ann@example.org");
    var digits = createNamed(store, ann.toString() + "st");

    assertThat(search(ann.toString())).containsExactly(ann, digits);
    assertThat(search("99999999999999999999")).isEmpty();
    assertThat(search("ANN@example.org")).containsExactly(ann);
    assertThat(search("ann@example")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void searchPagesContainEachPlayerOnce(TestStore store) {
    open(store);
    var all = IntStream.range(0, 7).mapToObj(i -> createNamed(store, "same")).toList();
    var first = page("same", 1, 3);
    var third = page("same", 3, 3);

    assertThat(first.items().stream().map(Player::id)).isEqualTo(all.subList(0, 3));
    assertThat(third.items().stream().map(Player::id)).isEqualTo(all.subList(6, 7));
    assertThat(first.total()).isEqualTo(7);
    assertThat(third.total()).isEqualTo(7);
    assertThat(page("same", 4, 3).items()).isEmpty();
    assertThat(page("same", Integer.MAX_VALUE, 100).total()).isEqualTo(7);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deviceBelongsToOnePlayerAndIsReplacedByTheNextOne(TestStore store) {
    open(store);
    var ann = createByDevice(store, "ann's");
    var bob = createByDevice(store, "bob's");

    assertThat(node.refusal(new PlayerCommand.LinkDevice(ann, "bob's")))
        .isEqualTo(Invalid.field("device_id", "has already been taken"));
    assertThat(node.refusal(new PlayerCommand.LinkDevice(ann, " ")))
        .isEqualTo(Invalid.field("device_id", "can't be blank"));
    node.ask(new PlayerCommand.LinkDevice(ann, "new"));
    assertThat(createByDevice(store, "new")).isEqualTo(ann);
    assertThat(createByDevice(store, "ann's")).isNotIn(ann, bob);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void lastSignInMethodCannotBeUnlinked(TestStore store) {
    open(store);
    var device = createByDevice(store, "phone");
    var both = register(store, "ann@example.org");
    node.ask(new PlayerCommand.LinkDevice(both, "tablet"));

    assertThat(node.refusal(new PlayerCommand.UnlinkDevice(device)))
        .isEqualTo(new Conflict("last_authentication_method"));
    assertThat(node.ask(new PlayerCommand.UnlinkDevice(both)).hasDevice()).isFalse();
    assertThat(node.ask(new PlayerCommand.UnlinkDevice(both)).hasDevice()).isFalse();
    assertThat(node.refusal(new PlayerCommand.UnlinkDevice(new PlayerId(99))))
        .isEqualTo(new Missing("not_found"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void lastProviderStaysAndUnlinkingRemovesItsAvatar(TestStore store) {
    open(store);
    var ann = createByDevice(store, "phone");
    assertThat(node.refusal(new PlayerCommand.UnlinkProvider(ann, Provider.STEAM)))
        .isEqualTo(new Conflict("last_provider"));
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "UPDATE player SET discord_id = 'd', steam_id = 's', profile_url = $1"
                        + " WHERE id = $2",
                    "https://cdn.discordapp.com/avatars/1.png",
                    ann.value()));

    assertThat(node.ask(new PlayerCommand.UnlinkProvider(ann, Provider.APPLE)).linked())
        .containsExactlyInAnyOrder(Provider.DISCORD, Provider.STEAM);
    var unlinked = node.ask(new PlayerCommand.UnlinkProvider(ann, Provider.DISCORD));
    assertThat(unlinked.linked()).containsExactly(Provider.STEAM);
    assertThat(unlinked.profileUrl()).isEmpty();
    assertThat(node.refusal(new PlayerCommand.UnlinkProvider(ann, Provider.STEAM)))
        .isEqualTo(new Conflict("last_provider"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void playerIsInAtMostOneLobby(TestStore store) {
    open(store);
    var players = new Players(store.clock());
    var ann = createByDevice(store, "ann");
    var joined = joinLobby(store, ann);

    assertThat(joined.lobby()).isEqualTo(LOBBY);
    assertThat(players.findInLobby(store.database(), LOBBY)).containsExactly(joined);
    assertThat(
            joinLobbies(
                store,
                Map.of(
                    ann,
                    new LobbyMembership(new LobbyId(6), null),
                    new PlayerId(99),
                    new LobbyMembership(LOBBY, null))))
        .isEmpty();
    assertThat(leaveLobbies(store, Map.of(ann, new LobbyId(6)))).isEmpty();
    assertThat(node.refusal(new PlayerCommand.Remove(ann))).isEqualTo(new Conflict("in_lobby"));
    assertThat(leaveLobbies(store, Map.of(ann, LOBBY)).get(ann))
        .isNotNull()
        .returns(null, Player::lobby);
    node.ask(new PlayerCommand.Remove(ann));
    assertThat(node.refusal(new PlayerCommand.Remove(ann))).isEqualTo(new Missing("not_found"));
    assertThat(store.published().getLast().event()).isInstanceOf(PlayerEvent.Removed.class);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void metadataIsReturnedUnchanged(TestStore store) {
    open(store);
    var ann = createByDevice(store, "ann");
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "UPDATE player SET metadata = $1 WHERE id = $2",
                    "{\"a\":[1,{\"b\":null}]}",
                    ann.value()));
    Map<String, Object> metadata = node.ask(new PlayerCommand.Find(ann)).metadata();
    assertThat(metadata).containsOnlyKeys("a");
    assertThat((List<?>) metadata.get("a")).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void searchFindsTheFirstOfManyPlayersWithAPrefix(TestStore store) {
    open(store);
    NumberedRows.insert(
        store.database(),
        1,
        PlayerCommand.NAMED_MAX + 100,
        """
        INSERT INTO player (uuid, display_name, name_key, created_ms, updated_ms)
        SELECT 'uuid ' || n, 'Many ' || n, 'many ' || n, n, n FROM number
        """);
    var database = new RecordingDatabase(store.database());

    Page<Player> found =
        new PlayerStore(store.clock())
            .search(database, "MANY", null, false, new Page.Request(2, 10));

    assertThat(found.items()).hasSize(10);
    assertThat(found.total()).isEqualTo(PlayerCommand.NAMED_MAX);
    assertThat(QueryPlans.of(database)).contains("player_by_name");
    assertThat(
            node.ask(new PlayerCommand.Search("many 2599", true, new Page.Request(1, 10))).total())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void listsPlayersOfAPeriodByItsIndexEvenWhenTheLastOfAPartIsGone(TestStore store) {
    open(store);
    NumberedRows.insert(
        store.database(),
        1,
        6,
        """
        INSERT INTO player (uuid, display_name, name_key, created_ms, updated_ms)
        SELECT 'uuid ' || n, 'P' || n, 'p' || n, n * 10, n FROM number
        """);
    var database = new RecordingDatabase(store.database());

    assertThat(listed(database, (PlayerId) null, false)).containsExactly("P5", "P4");
    assertThat(QueryPlans.of(database)).contains("player_created");
    assertThat(listed(database, "P4", false)).containsExactly("P3", "P2");
    assertThat(listed(database, "P3", true)).containsExactly("P5", "P4");
    PlayerId gone = id(database, "P4");
    store.database().write(tx -> tx.run("DELETE FROM player WHERE display_name = 'P4'"));
    assertThat(listed(database, gone, false)).containsExactly("P3", "P2");
    assertThat(listed(database, gone, true)).containsExactly("P5");
  }

  private static PlayerId id(Database database, String name) {
    return new PlayerId(
        database.read("SELECT id FROM player WHERE display_name = $1", name).row(0).number("id"));
  }

  private static List<String> listed(Database database, @Nullable String from, boolean backwards) {
    return listed(database, from == null ? null : id(database, from), backwards);
  }

  private static List<String> listed(
      Database database, @Nullable PlayerId from, boolean backwards) {
    var clock = InstantSource.system();
    var of20To50 =
        new PlayerCommand.AccountFilter(null, null, null, null, null, null, null, null, 20L, 51L);
    var list =
        new PlayerCommand.ListAccounts(
            of20To50,
            PlayerCommand.AccountOrder.NEWEST,
            from == null ? null : new PlayerCommand.AccountPlace(from, ""),
            backwards,
            2);
    return new AccountListStore(clock, new AccountStore(clock))
        .list(database, list).stream().map(account -> account.player().displayName()).toList();
  }

  private void open(TestStore store) {
    node.deploy(
        new PlayerVerticle(
            node.bus(), store.database(), store.clock(), Limits.DEFAULTS, TestStore.DIGESTS));
  }

  private List<PlayerId> search(String text) {
    return page(text, 1, 25).items().stream().map(Player::id).toList();
  }

  private Page<Player> page(String text, int number, int size) {
    return node.ask(new PlayerCommand.Search(text, true, new Page.Request(number, size)));
  }

  private static Player joinLobby(TestStore store, PlayerId player) {
    return joinLobbies(store, Map.of(player, new LobbyMembership(LOBBY, null))).get(player);
  }

  private static Map<PlayerId, Player> joinLobbies(
      TestStore store, Map<PlayerId, LobbyMembership> memberships) {
    return store.database().write(tx -> new Players(store.clock()).joinLobbies(tx, memberships));
  }

  private static Map<PlayerId, Player> leaveLobbies(
      TestStore store, Map<PlayerId, LobbyId> lobbies) {
    return store.database().write(tx -> new Players(store.clock()).leaveLobbies(tx, lobbies));
  }

  private static PlayerId createNamed(TestStore store, String name) {
    return create(store, null, name);
  }

  private static PlayerId register(TestStore store, String email) {
    return create(store, email, "");
  }

  private static PlayerId create(TestStore store, @Nullable String email, String name) {
    var credentials =
        new Credentials(store.clock(), new SeededIds(name.hashCode()), TestStore.DIGESTS);
    var player =
        new Credentials.NewPlayer(email, email == null ? null : "a hash", null, name, false);
    return store.database().write(tx -> credentials.create(tx, player)).orElseThrow().player();
  }

  private static PlayerId createByDevice(TestStore store, String device) {
    var credentials =
        new Credentials(store.clock(), new SeededIds(device.hashCode()), TestStore.DIGESTS);
    return store
        .database()
        .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
  }
}
