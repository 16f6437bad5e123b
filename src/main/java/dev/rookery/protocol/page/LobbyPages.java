package dev.rookery.protocol.page;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.lobby.Lobby;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.lobby.Roster;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves lobbies, so that a game without pages of its own can be played: the list, one lobby with
 * its members, and forms to open, join by password or code, be ready, lock, kick and leave.
 *
 * <p>A lobby that is hidden is shown to its members, and to those who come with its code.
 */
final class LobbyPages {
  static final String LOBBIES = "/play/lobbies";
  private static final String LOBBY = LOBBIES + "/:id";
  private static final String PASSWORD = "password";
  private static final String CODE = "code";
  private static final int CODE_DIGITS = 6;

  private final Bus bus;

  LobbyPages(Bus bus) {
    this.bus = bus;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, LOBBIES, request -> list(request, FormErrors.NONE));
    pages.postSignedIn(router, LOBBIES, this::open);
    pages.postSignedIn(router, LOBBIES + "/teams", this::openTeams);
    pages.postSignedIn(router, LOBBIES + "/code", this::findByCode);
    pages.get(
        router,
        LOBBY,
        request -> request.session() == null ? signIn(request) : show(request, FormErrors.NONE));
    pages.postSignedIn(router, LOBBY + "/join", this::join);
    pages.postSignedIn(router, LOBBY + "/leave", this::leave);
    pages.postSignedIn(router, LOBBY + "/ready", this::setReady);
    pages.postSignedIn(router, LOBBY + "/lock", this::lock);
    pages.postSignedIn(router, LOBBY + "/kick", this::kick);
  }

  private Future<PageResponse> list(PageRequest request, FormErrors errors) {
    String title = request.queryParameter("q");
    var page = new PageList(LOBBIES, "page", Map.of("q", title));
    var filter =
        new LobbyQuery.Filter(title.isBlank() ? null : title, null, null, null, null, null, null);
    var lobbies = bus.ask(new LobbyQuery.ListOpen(filter, page.requested(request)));
    return own(request)
        .compose(
            own ->
                lobbies.map(
                    found -> {
                      var model = new HashMap<String, Object>();
                      model.put("title", Message.of("Lobbies"));
                      model.put("q", title);
                      model.put("list", page.view(found, LobbyPages::view));
                      model.put("own", own == null ? "" : path(own));
                      return Forms.render("lobbies", model, errors);
                    }));
  }

  private Future<@Nullable LobbyId> own(PageRequest request) {
    PlayerId player = request.playerOrNull();
    return player == null
        ? Future.succeededFuture(null)
        : bus.ask(new PlayerCommand.Find(player)).map(Player::lobby);
  }

  private static String path(LobbyId lobby) {
    return LOBBIES + "/" + lobby;
  }

  private static Map<String, Object> view(Lobby lobby) {
    return Map.of(
        "path",
        path(lobby.id()),
        "title",
        title(lobby),
        "host",
        lobby.hostName(),
        "members",
        lobby.members(),
        "seats",
        lobby.seatsMax(),
        "locked",
        lobby.locked(),
        PASSWORD,
        lobby.passworded());
  }

  private static Message title(Lobby lobby) {
    return lobby.title().isBlank()
        ? Message.of("Lobby {id}", "id", lobby.id().toString())
        : Message.literal(lobby.title());
  }

  private Future<PageResponse> open(PageRequest request) {
    return Forms.submit(
        Future.succeededFuture()
            .compose(
                _ ->
                    bus.ask(
                        new LobbyCommand.Open(
                            request.player(),
                            new LobbyCommand.Settings(
                                request.field("title"),
                                request.wholeNumber("max_users"),
                                request.field("hidden").equals("true"),
                                null,
                                blankToNull(request.field(PASSWORD)),
                                null,
                                null),
                            null)))
            .map(lobby -> new PageResponse.Redirect(path(lobby.id()))),
        errors -> list(request, errors));
  }

  private static @Nullable String blankToNull(String text) {
    return text.isBlank() ? null : text;
  }

  private Future<PageResponse> openTeams(PageRequest request) {
    return Forms.submit(
        bus.ask(
                new LobbyCommand.OpenTeams(
                    request.player(), request.field("hidden").equals("true")))
            .map(lobby -> new PageResponse.Redirect(path(lobby.id()))),
        errors -> list(request, errors));
  }

  private Future<PageResponse> findByCode(PageRequest request) {
    return Forms.submit(
        Future.succeededFuture()
            .compose(_ -> byCode(request, code(request.field(CODE))))
            .map(
                found ->
                    new PageResponse.Redirect(
                        path(found.lobby().id()) + "?code=" + found.lobby().code())),
        errors -> list(request, errors));
  }

  private Future<LobbyQuery.FoundLobby> byCode(PageRequest request, int code) {
    return bus.ask(new LobbyQuery.FindByCode(request.player(), code, request.client().address()));
  }

  private static int code(String text) {
    Integer code = codeOrNull(text);
    if (code == null) {
      throw Refused.invalid(CODE, "is not valid");
    }
    return code;
  }

  private static @Nullable Integer codeOrNull(String text) {
    String digits = text.strip();
    return digits.length() == CODE_DIGITS && digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Integer.valueOf(digits)
        : null;
  }

  private static LobbyId id(PageRequest request) {
    return new LobbyId(request.pathId("id"));
  }

  /** Returns a lobby that the player may see; {@code Missing} for all others. */
  private Future<Lobby> find(PageRequest request) {
    LobbyId lobby = id(request);
    Integer code = codeOrNull(request.queryParameter(CODE));
    return own(request)
        .compose(
            own ->
                lobby.equals(own)
                    ? bus.ask(new LobbyQuery.Find(lobby)).map(LobbyQuery.FoundLobby::lobby)
                    : code != null
                        ? byCode(request, code)
                            .map(LobbyQuery.FoundLobby::lobby)
                            .map(found -> require(found, lobby))
                        : bus.ask(new LobbyQuery.Show(lobby)).map(LobbyQuery.LobbySnapshot::lobby));
  }

  private static Lobby require(Lobby found, LobbyId lobby) {
    if (!found.id().equals(lobby)) {
      throw Refused.missing("lobby_not_found");
    }
    return found;
  }

  /** The code of an invite is kept while the player signs in. */
  private static Future<PageResponse> signIn(PageRequest request) {
    String code = request.queryParameter(CODE).strip();
    var query = Map.of(CODE, codeOrNull(code) == null ? "" : code);
    return Future.succeededFuture(
        new PageResponse.Redirect(
            PageList.address(
                "/users/log-in", Map.of("return_to", PageList.address(path(id(request)), query)))));
  }

  private Future<PageResponse> show(PageRequest request, FormErrors errors) {
    return find(request)
        .compose(
            lobby ->
                bus.ask(new LobbyQuery.ListMembers(lobby.id()))
                    .map(members -> page(request, lobby, members, errors)));
  }

  private static PageResponse page(
      PageRequest request, Lobby lobby, List<Player> members, FormErrors errors) {
    PlayerId player = request.player();
    boolean member = members.stream().anyMatch(one -> one.id().equals(player));
    Roster roster = lobby.roster();
    var model = new HashMap<String, Object>(view(lobby));
    model.put("topic", "page:lobby:" + lobby.id());
    model.put("id", lobby.id().toString());
    model.put("member", member);
    model.put("isHost", player.equals(lobby.host()));
    model.put("teams", roster != null);
    model.put(
        "ready", roster != null && roster.find(player).map(Roster.Entrant::ready).orElse(false));
    model.put("people", members.stream().map(one -> person(one, lobby, roster, player)).toList());
    model.put(CODE, request.queryParameter(CODE));
    model.put("invite", member ? invite(lobby) : "");
    model.put("inviteCode", member && lobby.code() != null ? lobby.code().toString() : "");
    return request.wantsPart()
        ? new PageResponse.Render(errors.status(), "lobby-members", errors.addTo(model))
        : new PageResponse.Scripted(errors.status(), "lobby", errors.addTo(model));
  }

  private static String invite(Lobby lobby) {
    return path(lobby.id()) + (lobby.code() == null ? "" : "?code=" + lobby.code());
  }

  private static Map<String, Object> person(
      Player player, Lobby lobby, @Nullable Roster roster, PlayerId viewer) {
    Map<String, Object> view = PlayerView.of(player);
    view.put("host", player.id().equals(lobby.host()));
    view.put("own", player.id().equals(viewer));
    view.put(
        "team",
        roster == null
            ? ""
            : roster.teamA().stream().anyMatch(one -> player.id().equals(one.player()))
                ? "A"
                : "B");
    view.put(
        "ready",
        roster != null && roster.find(player.id()).map(Roster.Entrant::ready).orElse(false));
    return view;
  }

  private Future<PageResponse> join(PageRequest request) {
    LobbyId lobby = id(request);
    Integer code = codeOrNull(request.field(CODE));
    var join =
        new LobbyCommand.Join(
            lobby,
            request.player(),
            blankToNull(request.field(PASSWORD)),
            code,
            request.client().address(),
            null);
    return act(request, join);
  }

  /** Carries out a command and returns to the lobby, or shows why it was refused. */
  private Future<PageResponse> act(PageRequest request, Command<?> command) {
    return answer(request, bus.ask(command));
  }

  private <R> Future<PageResponse> answer(PageRequest request, Future<R> done) {
    LobbyId lobby = id(request);
    return Forms.submit(
        done.recover(LobbyPages::inWords).map(_ -> new PageResponse.Redirect(path(lobby))),
        errors -> show(request, errors).recover(_ -> list(request, errors)));
  }

  /** Codes that other pages have other words for. */
  private static <T> Future<T> inWords(Throwable failure) {
    if (failure instanceof Refused refused) {
      return Future.failedFuture(
          switch (refused.refusal()) {
            case Refusal.Conflict(var code) when code.equals("full") ->
                Refused.conflict("lobby_full");
            case Refusal.Denied(var code, _) when code.equals("locked") ->
                Refused.denied("lobby_locked");
            case Refusal.Missing _ -> Refused.missing("lobby_not_found");
            default -> failure;
          });
    }
    return Future.failedFuture(failure);
  }

  private Future<PageResponse> leave(PageRequest request) {
    return Forms.submit(
        inOwn(request, new LobbyCommand.Leave(request.player()))
            .map(_ -> new PageResponse.Redirect(LOBBIES)),
        errors -> show(request, errors).recover(_ -> list(request, errors)));
  }

  /**
   * Sends a command that is about the lobby in which the player is, unless they are in another one
   * than that of the page, for example after they joined it in another tab.
   */
  private <R> Future<R> inOwn(PageRequest request, Command<R> command) {
    return own(request)
        .compose(
            own ->
                id(request).equals(own)
                    ? bus.ask(command)
                    : Future.failedFuture(Refused.missing("lobby_not_found")));
  }

  private Future<PageResponse> setReady(PageRequest request) {
    boolean ready = request.field("ready").equals("true");
    return act(request, new LobbyCommand.SetReady(request.player(), ready, id(request)));
  }

  private Future<PageResponse> lock(PageRequest request) {
    boolean locked = request.field("locked").equals("true");
    return answer(
        request,
        inOwn(
            request,
            new LobbyCommand.Change(
                request.player(),
                new LobbyCommand.Settings(null, null, null, locked, null, null, null))));
  }

  private Future<PageResponse> kick(PageRequest request) {
    var player = new PlayerId(request.fieldId("player"));
    return answer(request, inOwn(request, new LobbyCommand.Kick(request.player(), player)));
  }
}
