package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Permission;
import dev.rookery.edge.ViewAs;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the API would answer to a player: a tab of the page of the player. No token is made, nothing
 * is changed, and each answer that is looked at is in the audit log.
 */
final class ViewAsPages {
  private static final String PLAYER = PlayerListPages.PATH + "/:id";
  private static final String TAB = "view-as";
  private static final String PATH = "path";

  /** What players are asked about most. */
  private static final List<String> SUGGESTED =
      List.of(
          "/api/v1/me",
          "/api/v1/lobbies",
          "/api/v1/parties/me",
          "/api/v1/me/friends",
          "/api/v1/me/friend-requests",
          "/api/v1/groups",
          "/api/v1/groups/me",
          "/api/v1/notifications",
          "/api/v1/achievements",
          "/api/v1/leaderboards");

  private final Changes changes;

  ViewAsPages(Changes changes) {
    this.changes = changes;
  }

  PlayerTab tab() {
    return new PlayerTab(
        TAB,
        "View as",
        Permission.PLAYERS_VIEW_AS,
        (_, player) -> Future.succeededFuture(sections(player)));
  }

  void register(ConsoleRouter console) {
    console.page(PLAYER + "/" + TAB + "/answer", Permission.PLAYERS_VIEW_AS, this::answer);
  }

  private static List<Section> sections(Player player) {
    String answer = PlayerListPages.PATH + "/" + player.id().value() + "/" + TAB + "/answer?path=";
    var rows = new ArrayList<Row>();
    for (String path : SUGGESTED) {
      rows.add(
          new Row(
              Integer.toString(rows.size() + 1),
              path,
              List.of(
                  Cell.link(
                      "GET " + path, answer + URLEncoder.encode(path, StandardCharsets.UTF_8)))));
    }
    return List.of(
        Section.table(
                "answers",
                "What the API answers to this player",
                new ListView("answers", "Answers", List.of(Column.of("Request", 1)), rows, false),
                Pager.NONE,
                "Nothing.")
            .withNote(
                "Read-only: no token is made, nothing is marked as read, and the player does not"
                    + " appear online. Each look is in the audit log. For another GET of the API,"
                    + " change the parameter path in the address of an answer."));
  }

  private Future<ConsoleView> answer(ConsoleRequest request) {
    var player = new PlayerId(request.id("id"));
    String path = request.query(PATH);
    if (!ViewAs.isViewable(path)) {
      throw Refused.invalid(PATH, "is not a path of the API of players, such as /api/v1/me");
    }
    int query = path.indexOf('?');
    return changes
        .make(
            request,
            new ConsoleCommand.RequireRank(player),
            "admin_view_as_user",
            "users/" + player.value(),
            Changes.values(PATH, query < 0 ? path : path.substring(0, query)))
        .map(_ -> new ConsoleView.Forward(() -> ViewAs.reroute(request.context(), player, path)));
  }
}
