package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.chat.ChatMute;
import dev.rookery.chat.ModerationCommand;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Players who may not write messages: list, mute, lift. */
final class ChatMutePages implements ConsoleSection {
  static final String PATH = "/admin/chat/mutes";
  private static final String NEW = PATH + "/new";
  private static final String PLAYER = "player";

  private final Bus bus;
  private final Changes changes;
  private final MuteForm form;

  ChatMutePages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.form = new MuteForm(changes, clock);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.CHAT_READ, this::list);
    console.page(NEW, Permission.CHAT_MODERATE, this::muteForm);
    console.action(NEW, Permission.CHAT_MODERATE, this::mute);
    console.action(PATH + "/:id/lift", Permission.CHAT_MODERATE, this::lift);
    console.message("player-muted", "The player can write no messages.");
    console.message("player-unmuted", "The player can write again.");
  }

  /** The page that mutes a player. */
  static String path(PlayerId player) {
    return NEW + "?" + PLAYER + "=" + player;
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    Long after = SearchQuery.parse(list.after());
    return bus.ask(
            new ModerationCommand.ListMutes(
                after == null ? null : new PlayerId(after), list.size() + 1))
        .map(found -> page(request, list, found));
  }

  private static ConsoleView page(ConsoleRequest request, ListRequest list, List<ChatMute> found) {
    var keyset = Keyset.of(list, found, one -> one.player().toString());
    boolean moderates = request.may(Permission.CHAT_MODERATE);
    var columns =
        List.of(
            Column.of("Player", 1),
            Column.of("Until", 1),
            Column.of("Reason", 2),
            Column.of("By", 2),
            Column.of("Since", 2));
    var rows = new ArrayList<Row>();
    for (ChatMute mute : keyset.items()) {
      rows.add(
          new Row(
              mute.player().toString(),
              "player " + mute.player(),
              List.of(
                  Cell.player(null, mute.player().value()),
                  mute.untilMs() == ChatMute.FOR_EVER
                      ? Cell.text("for ever")
                      : Cell.time(mute.untilMs()),
                  Cell.text(mute.reason()),
                  Cell.player(null, mute.admin().value()),
                  Cell.time(mute.createdMs())),
              moderates
                  ? List.of(new Action("Lift", PATH + "/" + mute.player() + "/lift", 1))
                  : List.of()));
    }
    var pager = Pager.forward(list, keyset);
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Mutes", columns, rows, false),
            pager,
            "Nobody is muted",
            "Mute a player from a case of the queue, or from their page.",
            List.of(),
            List.of(new Link("Queue", ChatQueuePages.PATH), new Link("Messages", "/admin/chat")),
            List.of())
        .render("Mutes");
  }

  private static PlayerId player(ConsoleRequest request) {
    Long player = SearchQuery.parse(request.query(PLAYER));
    if (player == null) {
      throw Refused.missing("user_not_found");
    }
    return new PlayerId(player);
  }

  private static ConsoleView page(PlayerId player, FormView view) {
    return RecordPage.of(
            List.of(
                new Link("Chat", "/admin/chat"),
                new Link("Mutes", PATH),
                new Link("Player " + player, "/admin/users/" + player)),
            List.of(Section.form("mute", "Player " + player, view)))
        .render("Mute player " + player);
  }

  private Future<ConsoleView> muteForm(ConsoleRequest request) {
    PlayerId player = player(request);
    return Future.succeededFuture(page(player, form.view(path(player))));
  }

  private Future<ConsoleView> mute(ConsoleRequest request) {
    PlayerId player = player(request);
    return form.submit(
        request,
        player,
        false,
        path(player),
        again -> page(player, again),
        ConsoleView.done(PATH, "player-muted"));
  }

  private Future<ConsoleView> lift(ConsoleRequest request) {
    long id = request.id("id");
    return Confirmation.level1(
            "Lift the mute of player " + id + "?",
            "They can write messages again.",
            "Lift the mute")
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "player-unmuted"),
            () ->
                changes.make(
                    request,
                    new ModerationCommand.Unmute(new PlayerId(id)),
                    "admin_unmute_user",
                    "users/" + id));
  }
}
