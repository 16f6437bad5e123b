package dev.rookery.protocol.console;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.friend.FriendCommand;
import dev.rookery.friend.Friendship;
import dev.rookery.friend.Friendship.State;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.SearchQuery.Operator;
import dev.rookery.protocol.console.SearchQuery.Term;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Friendships, requests and blocks of all players: list, end. */
final class FriendListPages implements ConsoleSection {
  static final String PATH = "/admin/friends";
  private static final String PLAYER = "player";
  private static final String STATE = "state";
  private static final String CREATED = "created";
  private static final String CONSEQUENCE =
      "Friends lose their direct messages with each other; a request or block is gone.";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of(PLAYER, "the id of one of the two"),
          new SearchQuery.Key(
              STATE,
              "pending, accepted, rejected or blocked",
              Set.of("pending", "accepted", "rejected", "blocked"),
              false,
              false,
              false),
          new SearchQuery.Key(
              CREATED,
              "requested since a day, as in created:>2026-01-31",
              Set.of(),
              true,
              false,
              false));
  private static final List<String> COLUMNS =
      List.of("id", "requester_id", "target_id", STATE, "created_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  FriendListPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.PLAYERS, "Friends", PATH, null, Permission.SOCIAL_READ));
    console.page(PATH, Permission.SOCIAL_READ, this::list);
    lists.register(
        console,
        PATH,
        this::selection,
        BulkOffer.of(
            "Remove",
            "friendships",
            CONSEQUENCE,
            new BulkAction(
                Permission.SOCIAL_EDIT,
                "admin_delete_friendship",
                "friendships",
                true,
                (one, _, _, _) -> new FriendCommand.End(new FriendshipId(one)))));
    console.action(PATH + "/:id/remove", Permission.SOCIAL_EDIT, this::remove);
    console.message("friendship-removed", "The friendship, request or block is gone.");
  }

  /** What the list selects, or why it cannot. */
  private record Selected(ListRequest list, FriendCommand.Filter filter) {}

  private static Selected select(ListInput request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    SearchQuery search = list.search();
    @Nullable Long since = null;
    for (Term term : search.terms()) {
      if (term.key().equals(CREATED)) {
        since = PlayerSearch.time(term.value());
        if (since == null || term.operator() != Operator.ABOVE) {
          search = search.withProblem("“" + term.source() + "”: write created:>2026-01-31.");
        }
      }
    }
    Long player = search.number(PLAYER);
    String state = search.value(STATE);
    var filter =
        new FriendCommand.Filter(
            player == null ? null : new PlayerId(player),
            state == null || !search.isValid()
                ? null
                : State.valueOf(state.toUpperCase(Locale.ROOT)),
            since);
    return new Selected(
        new ListRequest(
            list.path(),
            search,
            list.sort(),
            list.size(),
            list.after(),
            "",
            list.number(),
            list.exact()),
        filter);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    Selected selected = select(request);
    ListRequest list = selected.list();
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of()));
    }
    Long after = SearchQuery.parse(list.after());
    return bus.ask(
            new FriendCommand.ListAll(
                selected.filter(), after == null ? null : new FriendshipId(after), list.size() + 1))
        .map(found -> page(request, list, found));
  }

  private ConsoleView page(ConsoleRequest request, ListRequest list, List<Friendship> found) {
    var keyset = Keyset.of(list, found, one -> Long.toString(one.id().value()));
    boolean edits = request.may(Permission.SOCIAL_EDIT);
    var columns =
        List.of(
            Column.of("Asked", 1),
            Column.of("Was asked", 1),
            Column.of("State", 1),
            Column.of("Requested", 2));
    var rows = new ArrayList<Row>();
    for (Friendship one : keyset.items()) {
      rows.add(
          new Row(
              Long.toString(one.id().value()),
              "players " + one.requester() + " and " + one.target(),
              List.of(
                  Cell.player(null, one.requester().value()),
                  Cell.player(null, one.target().value()),
                  state(one.state()),
                  Cell.time(one.createdMs())),
              actions(one, edits)));
    }
    var pager = Pager.forward(list, keyset);
    return new ListPage(
            ListPage.Search.of(list, KEYS, ""),
            new ListView("list", "Friendships", columns, rows, false),
            pager,
            "No friendships",
            "Players ask each other with POST /api/v1/friends.",
            List.of(),
            List.of(),
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Friends");
  }

  private static Cell state(State state) {
    return switch (state) {
      case PENDING -> Cell.badge("pending", "warn");
      case ACCEPTED -> Cell.badge("friends", "good");
      case REJECTED -> Cell.badge("rejected", "");
      case BLOCKED -> Cell.badge("blocked by the second", "bad");
    };
  }

  private static List<Action> actions(Friendship one, boolean edits) {
    String path = PATH + "/" + one.id() + "/remove";
    return !edits || one.state() == State.REJECTED
        ? List.of()
        : List.of(new Action(one.state() == State.BLOCKED ? "Unblock" : "Remove", path, 1));
  }

  private ListSelection<Friendship> selection(ListInput request) {
    Selected selected = select(request);
    return new ListSelection<>(
        "friends",
        Permission.SOCIAL_READ,
        selected.list().search().masked(KEYS),
        selected.list().search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new FriendCommand.ListAll(
                        selected.filter(), last == null ? null : last.id(), max)),
            one -> one.id().value(),
            COLUMNS,
            FriendListPages::exported));
  }

  private static Map<String, Object> exported(Friendship one) {
    return Exports.row(
        "id",
        one.id().value(),
        "requester_id",
        one.requester().value(),
        "target_id",
        one.target().value(),
        STATE,
        one.state().name().toLowerCase(Locale.ROOT),
        "created_at",
        Exports.time(one.createdMs()));
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    long id = request.id("id");
    String back = request.back(PATH);
    return Confirmation.level1("End the friendship, request or block?", CONSEQUENCE, "Remove")
        .ask(
            request,
            back,
            ConsoleView.done(back, "friendship-removed"),
            () ->
                changes.make(
                    request,
                    new FriendCommand.End(new FriendshipId(id)),
                    "admin_delete_friendship",
                    "friendships/" + id));
  }
}
