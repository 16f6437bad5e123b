package dev.rookery.protocol.console;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.Permission;
import dev.rookery.console.RefusedRequests;
import dev.rookery.edge.RequestInfo;
import dev.rookery.player.Account;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.console.ClientSnippets.Platform;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page for a first client: a program with the address of this server and a device id of its
 * own, and how far the client with that id came, on whatever node. Nothing is kept for it: the id
 * is in the address of the page, and what a client does is read from the player it signs in as.
 */
final class ConnectPages implements ConsoleSection {
  static final String PATH = "/admin/connect";

  private static final String LIVE = "connect";
  private static final String DEVICE = "device";
  private static final int DEVICE_BYTES = 9;

  /** Ids of this page alone: the id of a device is what a player signs in with. */
  private static final Pattern DEVICE_ID = Pattern.compile("try-[A-Za-z0-9_-]{12}");

  private static final int PROBLEMS_SHOWN_MAX = 10;

  private static final Map<String, String> EXPLANATIONS =
      Map.of(
          "origin_refused",
          "Pages of this Origin may not open sockets. Add it to http.allowedOrigins.",
          "unsupported_version",
          "The protocol version (vsn) is unknown. Send 2.0.0, 1.0.0, or none.",
          "invalid_token",
          "The token is not valid, or its session has ended. Sign in again.",
          "Invalid authentication token",
          "The token is not valid, or its session has ended. Sign in again.",
          "Authentication required",
          "The request has no token. Send “Authorization: Bearer …”.",
          "device_auth_disabled",
          "Signing in by device is switched off: see auth.deviceSignIn.");

  /**
   * The settings of the page.
   *
   * @param production whether it shows refused requests of the admin's address alone
   */
  record Settings(ServerAddress address, boolean production) {}

  /** A step of a client, as the page shows it. */
  record Step(boolean done, String text, String advice) {}

  private final Bus bus;
  private final Ids ids;
  private final Settings settings;
  private final LiveViews live;
  private final ClientSnippets snippets = new ClientSnippets();

  ConnectPages(Bus bus, Ids ids, Settings settings, LiveViews live) {
    this.bus = bus;
    this.ids = ids;
    this.settings = settings;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.CODE, "Connect a client", PATH, null, Permission.PLAYERS_READ));
    console.page(PATH, Permission.PLAYERS_READ, this::show);
    live.add(
        LIVE,
        Permission.PLAYERS_READ,
        Duration.ofSeconds(1),
        parameters -> () -> message(parameters.getOrDefault(DEVICE, "")));
  }

  private Future<JsonObject> message(String device) {
    return read(device)
        .map(seen -> JsonObject.of("parts", JsonObject.of("status", seen.version())));
  }

  /** What is known about the client, and the requests that failed. */
  private record Seen(@Nullable Account account, List<RefusedRequests.Request> problems) {
    String version() {
      var text = new StringBuilder();
      if (account != null) {
        Player player = account.player();
        text.append(player.id().value()).append(player.online()).append(player.lobby());
      }
      return text.append(problems.isEmpty() ? 0 : problems.getFirst().atMs()).toString();
    }
  }

  private Future<Seen> read(String device) {
    if (!DEVICE_ID.matcher(device).matches()) {
      return Future.failedFuture(Refused.missing("not_found"));
    }
    Future<Optional<Account>> account =
        bus.ask(new PlayerCommand.FindByDevice(device))
            .map(Optional::of)
            .recover(
                failure ->
                    failure instanceof Refused refused && refused.refusal() instanceof Missing
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    var problems = bus.ask(new OperationsQuery.ListRefused());
    return Future.all(account, problems)
        .map(_ -> new Seen(account.result().orElse(null), problems.result()));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    Platform platform = Platform.of(request.query("tab"));
    String device = request.query(DEVICE);
    if (!DEVICE_ID.matcher(device).matches()) {
      return Future.succeededFuture(
          new ConsoleView.Redirect(address(platform, "try-" + ids.token(DEVICE_BYTES))));
    }
    return read(device).map(seen -> page(request, platform, device, seen));
  }

  private static String address(Platform platform, String device) {
    return PATH + "?tab=" + platform.key() + "&device=" + device;
  }

  private ConsoleView page(ConsoleRequest request, Platform platform, String device, Seen seen) {
    var model = new HashMap<String, Object>();
    model.put(
        "tabs",
        Arrays.stream(Platform.values())
            .map(one -> new RecordPage.Tab(one.label(), address(one, device), one == platform))
            .toList());
    model.put("advice", platform.advice());
    model.put("program", snippets.text(platform, settings.address().of(request), device));
    model.put(DEVICE, device);
    model.put("again", PATH + "?tab=" + platform.key());
    model.put("live", LIVE + "?device=" + device);
    model.put("statusVersion", seen.version());
    model.put("steps", steps(seen.account()));
    Account account = seen.account();
    model.put(
        "player",
        account == null
            ? Cell.text("")
            : Cell.player(account.player().displayName(), account.player().id().value()));
    model.put("problems", problems(request, seen.problems()));
    return ConsoleView.page("connect", "Connect a client", model);
  }

  private static List<Step> steps(@Nullable Account account) {
    boolean signedIn = account != null;
    boolean online = account != null && account.player().online();
    boolean inLobby = account != null && account.player().lobby() != null;
    return List.of(
        new Step(signedIn, "Signed in", "POST /api/v1/login/device with the device id above."),
        new Step(
            online,
            "Socket open",
            "Open /socket/websocket with the token, and join the topic user:<id>."),
        new Step(inLobby, "In a lobby", "POST /api/v1/lobbies, or join one."));
  }

  private ListView problems(ConsoleRequest request, List<RefusedRequests.Request> refused) {
    String own = RequestInfo.of(request.context()).clientAddress();
    var columns =
        List.of(
            Column.of("Request", 1),
            Column.of("Status", 2),
            Column.of("What is wrong", 1),
            Column.of("Time", 2));
    var rows = new ArrayList<Row>();
    for (RefusedRequests.Request one : refused) {
      if (rows.size() < PROBLEMS_SHOWN_MAX
          && (!settings.production() || one.address().equals(own))) {
        rows.add(
            new Row(
                Integer.toString(rows.size()),
                one.method() + " " + one.target(),
                List.of(
                    Cell.code(one.method() + " " + one.target()),
                    Cell.code(Integer.toString(one.status())),
                    Cell.text(explanation(one)),
                    Cell.time(one.atMs()))));
      }
    }
    return new ListView("problems", "Refused requests", columns, rows, false);
  }

  /** Returns what is wrong with a request and what to do, in words. */
  static String explanation(RefusedRequests.Request request) {
    String known = EXPLANATIONS.get(request.code());
    if (known != null) {
      return known;
    }
    if (request.status() == 404 && request.code().isEmpty()) {
      return "There is nothing at this path. Compare it with /api/docs.";
    }
    if (request.status() == 429) {
      return "A limit of requests was reached. Wait, or raise it: see Rate limits.";
    }
    if (request.status() >= 500) {
      return "The server could not answer. Look at the logs. " + request.code();
    }
    return request.code().isEmpty()
        ? "The request is not as the route wants it. Compare it with /api/docs."
        : "The server answered with the error “" + request.code() + "”.";
  }
}
