package dev.rookery.protocol.console;

import dev.rookery.console.Permission;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Client panes of all wires in one page, as test players. The panes are a script of the browser;
 * without it the page shows the same steps as code.
 */
final class PlaygroundPages implements ConsoleSection {
  static final String PATH = "/admin/playground";

  /** A program that connects to a wire. */
  record Snippet(String wire, String code) {}

  private static final List<Snippet> SNIPPETS =
      List.of(
          new Snippet(
              "Gamend (Phoenix)",
              """
              import { Socket } from "phoenix";

              const socket = new Socket("ws://localhost:4000/socket", { params: { token } });
              socket.connect();
              let position = {};
              const channel = socket.channel("lobby:1", () => ({ resume: position }));
              channel.onMessage = (event, payload) => {
                console.log(event, payload);
                position = payload?._position ?? position;
                return payload;
              };
              channel.join().receive("ok", ({ recovered }) => console.log({ recovered }));
              """),
          new Snippet(
              "GameFlow",
              """
              const socket = new WebSocket("ws://localhost:4000/_ws?token=" + token);
              socket.onmessage = ({ data }) => console.log(data);
              socket.onopen = () => socket.send('{"type": "lobby:create", "isPrivate": true}');
              """),
          new Snippet(
              "Kamon relay",
              """
              const socket = new WebSocket("ws://localhost:4000/ws");
              socket.onmessage = ({ data }) => console.log(data);
              socket.onopen = () => socket.send("* playground_1");
              """),
          new Snippet(
              "Godra",
              """
              const headers = { authorization: `Bearer ${token}` };
              const body = '{"script": "create_lobby", "args": [4]}';
              const call = await fetch("http://localhost:4000/api/rpc", { method: "POST", headers, body });
              const game = (await call.json()).result.replace("game:", "");
              const socket = new WebSocket(`ws://localhost:4000/ws?token=${token}&game_id=${game}`);
              socket.onmessage = ({ data }) => console.log(data);
              """),
          new Snippet(
              "openturn",
              """
              const headers = { authorization: `Bearer ${token}` };
              const options = { method: "POST", headers, body: "{}" };
              const room = await (await fetch("http://localhost:4000/api/dev/rooms", options)).json();
              const socket = new WebSocket(room.websocketURL + "?token=" + room.token);
              socket.onmessage = ({ data }) => console.log(data);
              socket.onopen = () => socket.send('{"type": "lobby:take_seat", "seatIndex": 0}');
              """));

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.CODE, "Playground", PATH, null, Permission.EXPLORER_USE));
    console.page(PATH, Permission.EXPLORER_USE, PlaygroundPages::show);
  }

  private static Future<ConsoleView> show(ConsoleRequest request) {
    boolean demo = request.context().queryParams().contains("demo");
    return Future.succeededFuture(
        ConsoleView.page(
            "playground",
            demo ? "Two-tab demo" : "Playground",
            Map.of(
                "demo",
                demo,
                "testPlayers",
                request.may(Permission.PLAYERS_TEST),
                "tokenPath",
                TestPlayerPages.TOKEN,
                "streams",
                request.may(Permission.STREAMS_FOLLOW),
                "snippets",
                SNIPPETS)));
  }
}
