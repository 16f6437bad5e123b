package dev.rookery.console;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** The requests of clients that this node has refused lately. */
public interface RefusedRequests {
  /**
   * A refused request.
   *
   * @param target the route, or the path if there is none
   * @param code why it was refused; empty if the status says all
   */
  record Request(long atMs, String address, String method, String target, int status, String code) {
    JsonObject toJson() {
      return new JsonObject()
          .put("at", atMs)
          .put("address", address)
          .put("method", method)
          .put("target", target)
          .put("status", status)
          .put("code", code);
    }

    static Request fromJson(JsonObject json) {
      return new Request(
          json.getLong("at"),
          json.getString("address"),
          json.getString("method"),
          json.getString("target"),
          json.getInteger("status"),
          json.getString("code"));
    }
  }

  /** The latest ones, the newest first. */
  List<Request> latest(int max);
}
