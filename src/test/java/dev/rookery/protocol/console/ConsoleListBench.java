package dev.rookery.protocol.console;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.StoreConfig;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Benchmark: the lists, records and figures of the console of a server with a million players, and
 * the same lists of the API, on SQLite and PostgreSQL. Prints for each page how long it takes at
 * the median, and of that the time in the database at best and at the median; the page is marked
 * where the best is over the bound, since other work on the machine adds to the others. The first
 * reads of a page are not measured: a total above 10,000 is counted by the first and remembered for
 * a minute, and a leaderboard is read from memory after them.
 *
 * <p>Arguments: the databases (sqlite postgres), or URLs of databases as {@code DATABASE_URL} has
 * them, which are kept, and filled only if they have no players: so two versions can be compared on
 * the same rows. An argument that begins with / selects the pages whose paths begin with it.
 * Filling takes some minutes and 3 GB of disk.
 */
final class ConsoleListBench {
  private static final int WARM_UPS = 3;
  private static final int REPEATS = 15;
  private static final double BOUND_MS = 5;
  private static final Pattern READS =
      Pattern.compile("(?m)^rookery_store_(?:lane_)?read_seconds_sum(?:\\{[^}]*})? ([0-9.eE-]+)$");
  private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
  private static final Pattern POSITION = Pattern.compile("\\d{5,}");

  private static final Map<String, List<String>> LISTS =
      Map.ofEntries(
          Map.entry(
              "/admin/users",
              List.of(
                  "q=player+777",
                  "q=nobody",
                  "q=777777",
                  "q=player777777%40example.com",
                  "q=is:online",
                  "q=-is:online",
                  "q=is:banned",
                  "q=is:admin",
                  "q=has:email",
                  "q=provider:steam",
                  "q=lobby:777",
                  "q=created:%3E2024-01-31",
                  "sort=name",
                  "sort=-name",
                  "sort=name&q=is:banned")),
          Map.entry("/admin/sessions", List.of("q=player:777777")),
          Map.entry(
              "/admin/groups",
              List.of(
                  "q=guild+777",
                  "q=type:private",
                  "sort=title",
                  "sort=-title",
                  "sort=updated",
                  "sort=size",
                  "sort=title&q=type:private")),
          Map.entry("/admin/parties", List.of()),
          Map.entry("/admin/friends", List.of("q=state:pending", "q=player:777777")),
          Map.entry(
              "/admin/lobbies",
              List.of(
                  "q=lobby+777",
                  "q=nothing",
                  "q=is:hidden",
                  "q=is:locked",
                  "q=is:protected",
                  "q=seats:5")),
          Map.entry("/admin/leaderboards", List.of("q=board-7", "sort=ends")),
          Map.entry("/admin/kv", List.of("q=save-7", "q=nothing", "q=user:777777", "q=lobby:1")),
          Map.entry(
              "/admin/notifications", List.of("q=title+7", "q=nothing", "q=to:777777", "q=from:7")),
          Map.entry(
              "/admin/chat",
              List.of(
                  "q=number+777777",
                  "q=nothing",
                  "q=sender:777777",
                  "q=kind:lobby",
                  "q=kind:lobby+ref:1",
                  "sort=created")),
          Map.entry(
              "/admin/matches",
              List.of(
                  "q=room_777",
                  "q=state:active",
                  "q=game:tic-tac-toe",
                  "q=game:tic-tac-toe+version:v1",
                  "q=player:777")),
          Map.entry(
              "/admin/audit",
              List.of(
                  "q=admin:7",
                  "q=action:admin_ban_user",
                  "q=action:nothing",
                  "q=target:users/777",
                  "q=result:missing_permission")));

  private static final Map<String, List<String>> API =
      Map.ofEntries(
          Map.entry("/api/v1/users", List.of("q=player+777", "q=player", "q=777777", "q=nobody")),
          Map.entry(
              "/api/v1/lobbies",
              List.of(
                  "page=3000",
                  "title=lobby+777",
                  "title=lobby",
                  "title=nothing",
                  "is_locked=true",
                  "is_passworded=true",
                  "min_users=5",
                  "metadata_key=mode")),
          Map.entry("/api/v1/groups", List.of("title=guild+777", "sort_by=title")),
          Map.entry("/api/v1/leaderboards/1/records", List.of("page=20000")),
          Map.entry(
              "/api/v1/admin/users",
              List.of("page=20000", "q=player+777", "q=player", "banned=true", "banned=false")),
          Map.entry("/api/v1/admin/sessions", List.of("page=15000")),
          Map.entry("/api/v1/admin/users/777777/sessions", List.of()),
          Map.entry(
              "/api/v1/admin/lobbies",
              List.of("page=2000", "title=lobby+777", "is_hidden=true", "is_locked=true")),
          Map.entry(
              "/api/v1/admin/kv/entries",
              List.of(
                  "page=20000", "key=save-7", "key=nothing", "user_id=777777", "global_only=true")),
          Map.entry("/api/v1/admin/groups", List.of("title=guild+777")),
          Map.entry("/api/v1/admin/parties", List.of()),
          Map.entry("/api/v1/admin/notifications", List.of("title=title+7", "user_id=777777")),
          Map.entry("/api/v1/admin/chat", List.of("content=number+777777")));

  private static final List<String> RECORDS =
      List.of(
          "/admin/lobbies/777",
          "/admin/groups/777",
          "/admin/parties/777",
          "/admin/matches/room_777",
          "/admin/leaderboards/1",
          "/admin/notifications/777777");

  private static final List<String> FIGURES =
      List.of(
          "/admin",
          "/admin/connections",
          "/admin/system",
          "/admin/retention",
          "/admin/matchmaking",
          "/admin/jobs",
          "/admin/bulk",
          "/admin/search?q=player+777",
          "/admin/search?q=777777");

  private final TestNode node;
  private final ConsoleBrowser admin;
  private final RestPlayer client;
  private final String kind;
  private final List<String> selected;

  /**
   * @param selected the beginnings of the paths of the pages; empty for all
   */
  private ConsoleListBench(TestNode node, String kind, List<String> selected) {
    this.node = node;
    this.selected = selected;
    this.kind = kind;
    this.admin = ConsoleBrowser.signIn(node, "owner@example.com");
    this.client = ConsoleBrowser.signInToApi(node, "owner@example.com");
  }

  public static void main(String[] arguments) throws Exception {
    List<String> selected =
        Stream.of(arguments).filter(argument -> argument.startsWith("/")).toList();
    List<String> given =
        Stream.of(arguments).filter(argument -> !argument.startsWith("/")).toList();
    List<String> wanted = given.isEmpty() ? List.of("sqlite", "postgres") : given;
    for (String one : wanted) {
      Databases.TestDatabase place = place(one);
      Databases.TestDatabase kept = place.shared();
      try (var store = TestStore.open(kept, patient(kept.config()), Databases.EVENTS)) {
        var data = new ConsoleListData(store.database());
        if (data.isEmpty()) {
          data.fill();
        }
      }
      try (var node = TestNode.start(place, Map.of("FIRST_PLAYER_ADMIN", "false"))) {
        new ConsoleListBench(node, place.kind(), selected).measure();
      }
    }
    System.exit(0);
  }

  /** The database of an argument; one with a URL is not removed. */
  private static Databases.TestDatabase place(String argument) {
    if (argument.indexOf(':') < 0) {
      return Databases.create(argument);
    }
    String kind = argument.startsWith("postgres") ? "postgres" : "sqlite";
    return new Databases.TestDatabase(kind, DatabaseLocation.parse(argument), () -> {});
  }

  /** The settings of a store whose statements may take as long as filling it needs. */
  private static StoreConfig patient(StoreConfig usual) {
    return new StoreConfig(
        usual.location(),
        usual.connections(),
        usual.pendingMax(),
        Duration.ofMinutes(30),
        usual.connectTimeout(),
        usual.historyRetention(),
        usual.historyEventsMax(),
        usual.idempotencyRetention(),
        usual.streamRetention(),
        usual.unreadRetention());
  }

  private void measure() throws Exception {
    for (String list : LISTS.keySet().stream().sorted().toList()) {
      time(list);
      deep(list);
      for (String query : LISTS.get(list)) {
        time(list + "?" + query);
      }
    }
    String player = "/admin/users/777777";
    var records = new ArrayList<>(RECORDS);
    records.add(player);
    String shown = admin.get(player).body();
    records.addAll(
        ConsoleSite.findAll(shown, "href=\"(" + player + "/[a-z-]+)\"").stream()
            .distinct()
            .filter(tab -> !tab.endsWith("/export"))
            .toList());
    for (String page : Stream.concat(records.stream(), FIGURES.stream()).toList()) {
      time(page);
    }
    for (String list : API.keySet().stream().sorted().toList()) {
      time(list);
      for (String query : API.get(list)) {
        time(list + "?" + query);
      }
    }
  }

  /** A page in the middle of a list, by the position that the link to the next page has. */
  private void deep(String list) throws Exception {
    if (!isSelected(list)) {
      return;
    }
    var next = NEXT.matcher(admin.get(list).body());
    if (next.find()) {
      String address = ConsoleBrowser.unescaped(next.group(1));
      var position = POSITION.matcher(address);
      time(
          position.find()
              ? address.substring(0, position.start())
                  + Long.parseLong(position.group()) / 2
                  + address.substring(position.end())
              : address);
    }
  }

  private int get(String path) throws Exception {
    return path.startsWith("/api/") ? client.get(path).status() : admin.get(path).statusCode();
  }

  private boolean isSelected(String path) {
    return selected.isEmpty() || selected.stream().anyMatch(path::startsWith);
  }

  private void time(String path) throws Exception {
    if (!isSelected(path)) {
      return;
    }
    int status = 0;
    for (int i = 0; i < WARM_UPS; i++) {
      status = get(path);
    }
    var times = new double[REPEATS];
    var reads = new double[REPEATS];
    double before = readSeconds();
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      get(path);
      times[i] = (System.nanoTime() - start) / 1e6;
      double after = readSeconds();
      reads[i] = (after - before) * 1e3;
      before = after;
    }
    Arrays.sort(times);
    Arrays.sort(reads);
    System.out.printf(
        Locale.ROOT,
        "%-9s %-60s %3d  median %8.1f ms  database best %8.2f ms, median %8.2f ms%s%n",
        kind,
        path,
        status,
        times[REPEATS / 2],
        reads[0],
        reads[REPEATS / 2],
        reads[0] > BOUND_MS ? "  OVER " + BOUND_MS : "");
  }

  /** The seconds that reads took in the database, all together. */
  private double readSeconds() {
    var sum = READS.matcher(node.get("/metrics").body());
    double seconds = 0;
    while (sum.find()) {
      seconds += Double.parseDouble(sum.group(1));
    }
    return seconds;
  }
}
