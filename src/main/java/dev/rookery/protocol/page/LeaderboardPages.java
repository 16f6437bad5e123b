package dev.rookery.protocol.page;

import dev.rookery.base.BoardId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.BoardSeasons;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.RankedRecord;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves the boards, and the ranking of a season: all of it, around the player, or friends. */
final class LeaderboardPages {
  private static final String PATH = "/leaderboards";
  private static final String SLUG = PATH + "/:slug";
  private static final String SEASON = SLUG + "/:id";
  private static final String AROUND = "around";
  private static final String FRIENDS = "friends";
  private static final int AROUND_SHOWN = 21;
  private static final List<Map<String, Object>> VIEWS =
      List.of(
          Map.of("value", "", "label", Message.of("All")),
          Map.of("value", AROUND, "label", Message.of("Around me")),
          Map.of("value", FRIENDS, "label", Message.of("Friends")));

  private final Bus bus;
  private final InstantSource clock;

  LeaderboardPages(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, PATH, this::list);
    pages.preview(router, Themes.PREVIEW + PATH, this::list);
    pages.get(
        router, SLUG, request -> render(request, new BoardRef(request.pathParameter("slug"))));
    pages.get(
        router, SEASON, request -> render(request, BoardRef.of(new BoardId(request.pathId("id")))));
  }

  private Future<PageResponse> list(PageRequest request) {
    boolean ended = request.queryParameter("show").equals("ended");
    var list = new PageList(PATH, "page", Map.of("show", ended ? "ended" : ""));
    var filter = new LeaderboardQuery.Filter(null, !ended, null, null, null, null);
    return bus.ask(
            new LeaderboardQuery.ListBoards(
                filter, LeaderboardQuery.ListOrder.ENDS_AT, list.requested(request)))
        .map(
            page ->
                PageResponse.Render.ok(
                    "leaderboards",
                    Map.of(
                        "title", Message.of("Leaderboards"),
                        "ended", ended,
                        "list", list.view(page, board -> view(board)))));
  }

  private Map<String, Object> view(Board board) {
    String description = board.description();
    Long endsMs = board.endsMs();
    return Map.of(
        "path",
        path(board.slug(), board.id()),
        "title",
        board.title(),
        "description",
        description == null ? "" : description,
        "order",
        board.sortOrder() == Board.SortOrder.ASC
            ? Message.of("The lowest score wins")
            : Message.of("The highest score wins"),
        "active",
        board.isActive(clock.millis()),
        "ends",
        endsMs == null ? "" : Instant.ofEpochMilli(endsMs));
  }

  private static String path(String slug, BoardId id) {
    return PATH + "/" + slug + "/" + id;
  }

  private Future<PageResponse> render(PageRequest request, BoardRef ref) {
    return bus.ask(new LeaderboardQuery.Find(ref))
        .compose(
            found ->
                found.board().slug().equals(request.pathParameter("slug"))
                    ? render(request, found)
                    : Future.succeededFuture(
                        new PageResponse.Redirect(path(found.board().slug(), found.board().id()))));
  }

  private Future<PageResponse> render(PageRequest request, BoardSeasons seasons) {
    Board board = seasons.board();
    PlayerId viewer = request.playerOrNull();
    String show = viewer == null ? "" : request.queryParameter("show");
    String path = path(board.slug(), board.id());
    var list = new PageList(path, "page", Map.of("show", show));
    var records = records(BoardRef.of(board.id()), viewer, show, list.requested(request));
    Locale locale = request.texts().locale();
    var own = own(BoardRef.of(board.id()), viewer, locale);
    return Future.all(records, own)
        .map(
            _ -> {
              var model = new HashMap<String, Object>();
              model.put("title", board.title());
              model.put("board", view(board));
              model.put("views", VIEWS);
              model.put("show", show);
              model.put("previous", season(board, seasons.previous()));
              model.put("next", season(board, seasons.next()));
              model.put("own", own.result());
              model.put("list", list.view(records.result(), one -> view(one, viewer, locale)));
              model.put("topic", LiveSockets.boardTopic(board.id()));
              return request.wantsPart()
                  ? PageResponse.Render.ok("leaderboard-ranking", model)
                  : new PageResponse.Scripted(200, "leaderboard", model);
            });
  }

  private static String season(Board board, @Nullable BoardId other) {
    return other == null ? "" : path(board.slug(), other);
  }

  private Future<Page<RankedRecord>> records(
      BoardRef board, @Nullable PlayerId viewer, String show, Page.Request page) {
    if (viewer != null && show.equals(AROUND)) {
      return bus.ask(new LeaderboardQuery.Around(board, viewer, AROUND_SHOWN))
          .map(found -> new Page<>(found, 1, AROUND_SHOWN, found.size()));
    }
    return viewer != null && show.equals(FRIENDS)
        ? bus.ask(new LeaderboardQuery.OfFriends(board, viewer, page))
        : bus.ask(new LeaderboardQuery.Top(board, page));
  }

  /** The record of the player, which is shown above the others; empty if there is none. */
  private Future<Map<String, Object>> own(
      BoardRef board, @Nullable PlayerId viewer, Locale locale) {
    if (viewer == null) {
      return Future.succeededFuture(Map.of());
    }
    return bus.ask(new LeaderboardQuery.FindOfPlayer(board, viewer))
        .map(record -> view(record, viewer, locale))
        .recover(
            failure ->
                failure instanceof Refused refused && refused.refusal() instanceof Refusal.Missing
                    ? Future.succeededFuture(Map.of())
                    : Future.failedFuture(failure));
  }

  private static Map<String, Object> view(
      RankedRecord ranked, @Nullable PlayerId viewer, Locale locale) {
    PlayerId player = ranked.record().player();
    return Map.of(
        "rank",
        ranked.rank(),
        "name",
        player == null ? Message.literal(ranked.name()) : PlayerView.name(player, ranked.name()),
        "score",
        NumberFormat.getIntegerInstance(locale).format(ranked.record().score()),
        "own",
        player != null && player.equals(viewer));
  }
}
