package dev.rookery.protocol.gamend;

import dev.rookery.base.Limits;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.party.Party;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartySnapshot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All parties, for admins: list, create, settings, members, disband. */
final class AdminPartyRoutes {
  private final Limits limits;

  AdminPartyRoutes(Limits limits) {
    this.limits = limits;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_parties", this::list);
    routes.put("admin_get_party", this::show);
    routes.put("admin_create_party", this::create);
    routes.put("admin_update_party", this::update);
    routes.put("admin_delete_party", this::disband);
    routes.put("admin_kick_party_member", this::kick);
  }

  private Future<Response> list(ApiRequest request) {
    return request
        .ask(new PartyCommand.ListAll(request.page(limits.pageSizeMax())))
        .map(found -> Response.ok(Views.page(found, AdminPartyRoutes::view)));
  }

  private static JsonObject view(Party party) {
    return new JsonObject()
        .put("id", party.id().value())
        .put("leader_id", party.leader().value())
        .put("leader_name", party.leaderName())
        .put("member_count", party.members())
        .put("max_size", party.maxSize())
        .put("metadata", party.metadata())
        .put("inserted_at", Views.time(party.createdMs()))
        .put("updated_at", Views.time(party.updatedMs()));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new PartyCommand.Find(party(request)))
        .map(found -> Response.ok(answer(request, found)));
  }

  private static JsonObject answer(ApiRequest request, PartySnapshot found) {
    EntityTags.set(request, found.party().revision());
    return Views.party(found);
  }

  private Future<Response> create(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new PartyCommand.Create(
                new PlayerId(in.id("leader_id")),
                in.integer("max_size"),
                in.object("metadata"),
                idempotencyKey(request)))
        .map(made -> Response.created(answer(request, made)));
  }

  /** The keys of admins are not those of the leader. */
  private static @Nullable String idempotencyKey(ApiRequest request) {
    String key = request.idempotencyKey();
    return key == null ? null : "admin " + request.player().value() + " " + key;
  }

  private Future<Response> update(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new PartyCommand.UpdateAny(
                party(request),
                in.integer("max_size"),
                in.object("metadata"),
                EntityTags.revision(request)))
        .map(changed -> Response.ok(answer(request, changed)));
  }

  private Future<Response> disband(ApiRequest request) {
    return request.ask(new PartyCommand.Disband(party(request))).map(Response::empty);
  }

  private Future<Response> kick(ApiRequest request) {
    var target = new PlayerId(request.input().id("user_id"));
    return request.ask(new PartyCommand.KickFromAny(party(request), target)).map(Response::empty);
  }

  private static PartyId party(ApiRequest request) {
    return new PartyId(request.input().id("id"));
  }
}
