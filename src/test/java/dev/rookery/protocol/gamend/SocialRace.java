package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.DatabaseInvariants;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.PhoenixClient.Frame;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.RestPlayer.Response;
import dev.rookery.testkit.TestCluster;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Players on all nodes of a cluster join, leave, invite, promote, demote and kick each other in
 * groups of all types, parties and lobbies at once, and some delete their accounts. Three
 * observers, each connected to another node, are in a group of each type, one party and one lobby
 * from beginning to end and follow them.
 */
final class SocialRace {
  private static final int OBSERVERS = 3;
  private static final int PLAYERS = 9;
  private static final int STEPS = 40;
  private static final int SEATS = OBSERVERS + 2;

  /** The events that add a player to what its topic is about, or remove one. */
  private static final Map<String, Boolean> ADDS =
      Map.of(
          "member_joined", true,
          "member_left", false,
          "member_kicked", false,
          "user_joined", true,
          "user_left", false,
          "user_kicked", false);

  /** The events that make a member an admin, or an admin a plain member. */
  private static final Map<String, Boolean> PROMOTES =
      Map.of("member_promoted", true, "member_demoted", false);

  private final TestCluster cluster;
  private final HttpClient http;
  private final long seed;
  private final List<RestPlayer> observers = new ArrayList<>();
  private final List<RestPlayer> players = new ArrayList<>();
  private final List<PhoenixClient> followers = new ArrayList<>();
  private final Map<Long, PhoenixClient> sockets = new TreeMap<>();
  private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
  private final Set<Long> deleted = ConcurrentHashMap.newKeySet();
  private final GroupActions actions;

  private long group;
  private long privateGroup;
  private long hiddenGroup;
  private long party;
  private long lobby;

  SocialRace(TestCluster cluster, HttpClient http, long seed) {
    this.cluster = cluster;
    this.http = http;
    this.seed = seed;
    this.actions = new GroupActions(players, seed);
  }

  void run() throws Exception {
    try {
      begin();
      race();
      assertThat(outcomes).as("with seed %d", seed).isNotEmpty().doesNotContainKey("500");
      assertThat(deleted).isNotEmpty();
      assertRowsAgree();
      assertFollowersAgree();
      assertPlayersKnowWhereTheyAre();
    } finally {
      followers.forEach(PhoenixClient::close);
      sockets.values().forEach(PhoenixClient::close);
    }
  }

  private void begin() throws Exception {
    for (int i = 0; i < OBSERVERS; i++) {
      observers.add(RestPlayer.signIn(http, base(i), "race-observer-" + i));
    }
    RestPlayer first = observers.getFirst();
    // Only players who share a group may be invited to a party.
    long all = id(first.post("/api/v1/groups", JsonObject.of("title", "All of " + seed)));
    group =
        id(
            first.post(
                "/api/v1/groups", JsonObject.of("title", "Raced " + seed, "max_members", SEATS)));
    privateGroup = observedGroup(first, "private");
    hiddenGroup = observedGroup(first, "hidden");
    actions.observe(group, "public", first);
    party = id(first.post("/api/v1/parties", JsonObject.of("max_size", SEATS)));
    for (RestPlayer observer : observers.subList(1, OBSERVERS)) {
      ok(observer.post(group(all, "join"), new JsonObject()));
      ok(observer.post(group(group, "join"), new JsonObject()));
      ok(observer.post(group(privateGroup, "join"), new JsonObject()));
      // An invite to a player who asked to join approves the request.
      ok(first.post(group(privateGroup, "invite"), target(observer)));
      ok(first.post(group(hiddenGroup, "invite"), target(observer)));
      long invite =
          observer
              .get("/api/v1/groups/invitations")
              .body()
              .getJsonArray("data")
              .getJsonObject(0)
              .getLong("id");
      ok(observer.post("/api/v1/groups/invitations/" + invite + "/accept", new JsonObject()));
      ok(first.post("/api/v1/parties/invite", target(observer)));
      ok(observer.post("/api/v1/parties/invite/accept", JsonObject.of("party_id", party)));
    }
    // A member of a party enters a lobby with the party alone.
    lobby = id(first.post("/api/v1/parties/create_lobby", JsonObject.of("max_users", SEATS)));
    for (int i = 0; i < OBSERVERS; i++) {
      // Connected to another node than the one that takes their commands.
      PhoenixClient socket = connect(observers.get(i), i + 1);
      followers.add(socket);
      topics().forEach(topic -> socket.joinAndAwait(topic, "updated"));
    }
    for (int i = 0; i < PLAYERS; i++) {
      RestPlayer player = RestPlayer.signIn(http, base(i), "race-player-" + i);
      ok(player.post(group(all, "join"), new JsonObject()));
      players.add(player);
      PhoenixClient socket = connect(player, i + 2);
      sockets.put(player.id(), socket);
      socket.joinAndAwait("user:" + player.id(), "updated");
    }
  }

  private long observedGroup(RestPlayer creator, String type) throws Exception {
    long created =
        id(
            creator.post(
                "/api/v1/groups",
                JsonObject.of("title", type + " " + seed, "type", type, "max_members", SEATS)));
    actions.observe(created, type, creator);
    return created;
  }

  private void race() throws Exception {
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var walks = new ArrayList<Future<?>>();
      for (int i = 0; i < PLAYERS; i++) {
        RestPlayer player = players.get(i);
        boolean deletes = i % 3 == 0;
        var random = new Random(seed + i);
        walks.add(
            crowd.submit(
                () -> {
                  for (int step = 0; step < STEPS; step++) {
                    note(act(player.atNode(base(random.nextInt(cluster.size()))), random));
                  }
                  if (deletes) {
                    Response answer = player.send("DELETE", "/api/v1/me", null);
                    note(answer);
                    ok(answer);
                    deleted.add(player.id());
                  }
                  return null;
                }));
      }
      for (Future<?> walk : walks) {
        walk.get();
      }
    }
  }

  private Response act(RestPlayer player, Random random) throws Exception {
    RestPlayer admin = observers.getFirst().atNode(base(random.nextInt(cluster.size())));
    RestPlayer other = players.get(random.nextInt(PLAYERS));
    JsonObject nothing = new JsonObject();
    return switch (random.nextInt(36)) {
      case 0, 1, 2 -> player.post(group(group, "join"), nothing);
      case 3 -> player.post(group(group, "leave"), nothing);
      case 4 -> admin.post(group(group, "kick"), target(player));
      case 5 -> admin.post(group(group, "invite"), target(player));
      case 6 -> admin.post("/api/v1/parties/invite", target(player));
      case 7 -> player.post("/api/v1/parties/invite/accept", JsonObject.of("party_id", party));
      case 8 -> admin.post("/api/v1/parties/kick", target(player));
      case 9 -> player.post("/api/v1/parties", JsonObject.of("max_size", 3));
      case 10 -> player.post("/api/v1/parties/invite", target(other));
      case 11 -> acceptInvite(player);
      case 12 -> player.post("/api/v1/parties/leave", nothing);
      case 13 -> player.post("/api/v1/parties/create_lobby", JsonObject.of("max_users", 4));
      case 14, 15, 16 -> player.post("/api/v1/lobbies/" + lobby + "/join", nothing);
      case 17 -> player.post("/api/v1/lobbies", JsonObject.of("title", "Own", "max_users", 3));
      case 18 -> admin.post("/api/v1/lobbies/kick", target(player));
      case 19 -> player.post("/api/v1/lobbies/leave", nothing);
      default -> actions.act(player, admin, random);
    };
  }

  private static Response acceptInvite(RestPlayer player) throws Exception {
    Response invitations = player.get("/api/v1/parties/invitations");
    var parties =
        new JsonObject("{\"all\":" + invitations.body().getString("text", "[]") + "}")
            .getJsonArray("all");
    return parties.isEmpty()
        ? invitations
        : player.post(
            "/api/v1/parties/invite/accept",
            JsonObject.of("party_id", parties.getJsonObject(0).getLong("party_id")));
  }

  private void note(Response answer) {
    outcomes.merge(Integer.toString(answer.status()), 1, Integer::sum);
  }

  private void assertRowsAgree() {
    DatabaseInvariants.assertHold(cluster.testDatabase());
    assertNone(
        """
        SELECT id::text FROM party WHERE closed_ms IS NULL AND NOT EXISTS (
          SELECT 1 FROM player WHERE player.id = leader_id AND party_id = party.id)
        """);
    assertNone(
        """
        SELECT id::text FROM player WHERE party_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM party WHERE party.id = player.party_id AND closed_ms IS NULL)
        """);
    assertNone(
        """
        SELECT id::text FROM player WHERE lobby_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM lobby WHERE lobby.id = player.lobby_id AND closed_ms IS NULL)
        """);
    assertNone(
        """
        SELECT id::text FROM player_group WHERE closed_ms IS NULL AND (admins = 0
          OR members > members_max
          OR members <> (SELECT count(*) FROM group_membership
            WHERE group_id = player_group.id AND role <= 2)
          OR admins <> (SELECT count(*) FROM group_membership
            WHERE group_id = player_group.id AND role <= 1))
        """);
    assertNone(
        """
        SELECT 'groups' WHERE (SELECT sum(total) FROM group_total)
          <> (SELECT count(*) FROM player_group WHERE closed_ms IS NULL)
        """);
    actions.assertAdmitted(
        texts(
            """
            SELECT concat(group_id, ' ', player_id) FROM group_membership
            JOIN player_group ON player_group.id = group_id WHERE closed_ms IS NULL AND role <= 2
            """),
        observers.stream().map(RestPlayer::id).toList());
    for (long player : deleted) {
      assertNone("SELECT id::text FROM group_membership WHERE player_id = " + player);
      assertNone("SELECT id::text FROM group_invite WHERE recipient_id = " + player);
      assertNone("SELECT id::text FROM player WHERE id = " + player);
    }
  }

  private void assertNone(String statement) {
    assertThat(texts(statement)).as("%s, seed %d", statement, seed).isEmpty();
  }

  private List<String> texts(String statement) {
    return DatabaseInvariants.texts(cluster.testDatabase(), statement);
  }

  private void assertFollowersAgree() throws Exception {
    RestPlayer first = observers.getFirst();
    JsonObject end = JsonObject.of("metadata", JsonObject.of("end", true));
    for (long one : groups()) {
      ok(first.send("PATCH", group(one, ""), end));
    }
    ok(first.send("PATCH", "/api/v1/parties", end));
    ok(first.send("PATCH", "/api/v1/lobbies", end));
    for (long one : groups()) {
      List<String> heard = heardOnEachNode("group:" + one);
      if (one == group) {
        assertThat(heard).as("seed %d", seed).isNotEmpty();
      }
      String members =
          "SELECT player_id::text FROM group_membership WHERE group_id = " + one + " AND role <= ";
      assertMembers(heard, members + "2");
      assertThat(adminsAfter(heard)).as("seed %d", seed).isEqualTo(ids(texts(members + "1")));
      actions.assertAdmitted(one, heard);
    }
    // Who is admitted to the other groups and the party depends on who is invited before.
    assertMembers(
        heardOnEachNode("party:" + party), "SELECT id::text FROM player WHERE party_id = " + party);
    List<String> heard = heardOnEachNode("lobby:" + lobby);
    assertThat(heard).as("seed %d", seed).isNotEmpty();
    assertMembers(heard, "SELECT id::text FROM player WHERE lobby_id = " + lobby);
  }

  private void assertMembers(List<String> heard, String members) {
    assertThat(membersAfter(heard)).as("seed %d", seed).isEqualTo(ids(texts(members)));
  }

  private List<String> heardOnEachNode(String topic) {
    List<List<String>> heard = followers.stream().map(socket -> heard(socket, topic)).toList();
    assertThat(heard)
        .as("%s on each node, seed %d", topic, seed)
        .allSatisfy(one -> assertThat(one).isEqualTo(heard.getFirst()));
    return heard.getFirst();
  }

  /** Who came, went and was promoted until the end, as {@code event player}. */
  private static List<String> heard(PhoenixClient socket, String topic) {
    var heard = new ArrayList<String>();
    while (true) {
      Frame frame = socket.await(one -> one.topic().equals(topic));
      JsonObject metadata = frame.payload().getJsonObject("metadata");
      if (frame.event().equals("updated") && metadata.containsKey("end")) {
        return heard;
      }
      if (ADDS.containsKey(frame.event()) || PROMOTES.containsKey(frame.event())) {
        heard.add(frame.event() + " " + frame.payload().getLong("user_id"));
      }
    }
  }

  private Set<Long> membersAfter(List<String> heard) {
    var members =
        observers.stream().map(RestPlayer::id).collect(Collectors.toCollection(TreeSet::new));
    for (String one : heard) {
      String[] parts = one.split(" ", -1);
      if (!ADDS.containsKey(parts[0])) {
        continue;
      }
      Long player = Long.valueOf(parts[1]);
      boolean changed = ADDS.get(parts[0]) ? members.add(player) : members.remove(player);
      assertThat(changed).as("%s in %s, seed %d", one, heard, seed).isTrue();
      assertThat(members).as("seed %d", seed).hasSizeLessThanOrEqualTo(SEATS);
    }
    return members;
  }

  private Set<Long> adminsAfter(List<String> heard) {
    var admins = new TreeSet<Long>(Set.of(observers.getFirst().id()));
    for (String one : heard) {
      String[] parts = one.split(" ", -1);
      Long player = Long.valueOf(parts[1]);
      if (PROMOTES.getOrDefault(parts[0], false)) {
        assertThat(admins.add(player)).as("%s in %s, seed %d", one, heard, seed).isTrue();
      } else if (PROMOTES.containsKey(parts[0])) {
        assertThat(admins.remove(player)).as("%s in %s, seed %d", one, heard, seed).isTrue();
      } else if (!ADDS.getOrDefault(parts[0], true)) {
        admins.remove(player);
      }
    }
    return admins;
  }

  /** The last that each player was told of themselves is what the store says. */
  private void assertPlayersKnowWhereTheyAre() throws Exception {
    for (RestPlayer player : players) {
      if (deleted.contains(player.id())) {
        continue;
      }
      ok(player.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", "The end")));
      JsonObject told =
          Objects.requireNonNull(sockets.get(player.id()))
              .await(
                  frame ->
                      frame.event().equals("updated")
                          && frame.payload().getString("display_name").equals("The end"))
              .payload();
      assertThat(
              texts("SELECT concat(party_id, ' ', lobby_id) FROM player WHERE id = " + player.id()))
          .as("player %d, seed %d", player.id(), seed)
          .containsExactly(text(told.getLong("party_id")) + " " + text(told.getLong("lobby_id")));
    }
  }

  private static String text(long id) {
    return id < 0 ? "" : Long.toString(id);
  }

  private static Set<Long> ids(List<String> texts) {
    return texts.stream().map(Long::valueOf).collect(Collectors.toCollection(TreeSet::new));
  }

  private List<String> topics() {
    return Stream.concat(
            groups().stream().map(one -> "group:" + one),
            Stream.of("party:" + party, "lobby:" + lobby))
        .toList();
  }

  private List<Long> groups() {
    return List.of(group, privateGroup, hiddenGroup);
  }

  private PhoenixClient connect(RestPlayer player, int node) {
    return PhoenixClient.connect(cluster.node(node % cluster.size()).port(), player.token());
  }

  private URI base(int node) {
    return cluster.node(node % cluster.size()).uri("");
  }

  private static JsonObject target(RestPlayer player) {
    return JsonObject.of("target_user_id", player.id());
  }

  private static String group(long group, String action) {
    return "/api/v1/groups/" + group + (action.isEmpty() ? "" : "/" + action);
  }

  private static long id(Response answer) {
    ok(answer);
    return answer.body().getLong("id");
  }

  private static void ok(Response answer) {
    assertThat(answer.ok()).as("%s", answer).isTrue();
  }
}
