package dev.rookery.protocol.gamend;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartyInvite;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Parties and invites into them (Gamend HTTP contract, section 10). */
final class PartyRoutes {
  private final Bus bus;

  PartyRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("show_party", this::show);
    routes.put("create_party", this::create);
    routes.put("update_party", this::update);
    routes.put("leave_party", this::leave);
    routes.put("kick_party_member", this::kick);
    routes.put("invite_to_party", this::invite);
    routes.put("cancel_party_invite", this::cancel);
    routes.put("accept_party_invite", this::accept);
    routes.put("decline_party_invite", this::decline);
    routes.put("list_party_invitations", this::listInvites);
    routes.put("list_sent_party_invitations", this::listSentInvites);
    routes.put("party_create_lobby", this::createLobby);
    routes.put("party_join_lobby", this::joinLobby);
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new PartyCommand.Show(request.player()))
        .map(party -> Response.ok(Views.party(party)));
  }

  private Future<Response> create(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new PartyCommand.Create(
                request.player(),
                in.integer("max_size"),
                in.object("metadata"),
                request.idempotencyKey()))
        .map(party -> Response.created(Views.party(party)));
  }

  private Future<Response> update(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new PartyCommand.Update(
                request.player(), in.integer("max_size"), in.object("metadata")))
        .map(party -> Response.ok(Views.party(party)));
  }

  private Future<Response> leave(ApiRequest request) {
    return bus.ask(new PartyCommand.Leave(request.player(), request.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> kick(ApiRequest request) {
    return bus.ask(
            new PartyCommand.Kick(request.player(), target(request), request.idempotencyKey()))
        .map(Response::empty);
  }

  private Future<Response> invite(ApiRequest request) {
    return bus.ask(new PartyCommand.Invite(request.player(), target(request))).map(Response::empty);
  }

  private Future<Response> cancel(ApiRequest request) {
    return bus.ask(new PartyCommand.CancelInvite(request.player(), target(request)))
        .map(Response::empty);
  }

  private static PlayerId target(ApiRequest request) {
    return new PlayerId(request.input().id("target_user_id"));
  }

  private Future<Response> accept(ApiRequest request) {
    return bus.ask(
            new PartyCommand.Accept(request.player(), party(request), request.idempotencyKey()))
        .map(party -> Response.ok(Views.party(party)));
  }

  private Future<Response> decline(ApiRequest request) {
    return bus.ask(new PartyCommand.Decline(request.player(), party(request))).map(Response::empty);
  }

  private static PartyId party(ApiRequest request) {
    return new PartyId(request.input().id("party_id"));
  }

  private Future<Response> listInvites(ApiRequest request) {
    return bus.ask(new PartyCommand.ListInvites(request.player())).map(PartyRoutes::list);
  }

  private Future<Response> listSentInvites(ApiRequest request) {
    return bus.ask(new PartyCommand.ListSentInvites(request.player())).map(PartyRoutes::list);
  }

  private Future<Response> createLobby(ApiRequest request) {
    return bus.ask(
            new LobbyCommand.OpenWithParty(
                request.player(), LobbyRoutes.settings(request.input()), request.idempotencyKey()))
        .map(lobby -> Response.created(Views.lobbyListItem(lobby)));
  }

  private Future<Response> joinLobby(ApiRequest request) {
    var in = request.input();
    return bus.ask(
            new LobbyCommand.JoinWithParty(
                new LobbyId(in.id("id")),
                request.player(),
                in.text("password"),
                in.integer("code"),
                request.client().address(),
                request.idempotencyKey()))
        .map(lobby -> Response.ok(Views.lobbyListItem(lobby)));
  }

  private static Response list(List<PartyInvite> invites) {
    return Response.ok(Views.list(invites, Views::partyInvite));
  }
}
