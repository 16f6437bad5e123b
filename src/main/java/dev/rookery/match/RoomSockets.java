package dev.rookery.match;

import dev.rookery.match.RoomSocketStore.SocketRow;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sockets in a room, and the users and players that are present through them. */
final class RoomSockets {
  private final Map<String, SocketRow> byId = new LinkedHashMap<>();

  void replaceAll(List<SocketRow> sockets) {
    byId.clear();
    sockets.forEach(this::add);
  }

  void add(SocketRow socket) {
    byId.put(socket.socket(), socket);
  }

  void remove(SocketRow socket) {
    byId.remove(socket.socket());
  }

  @Nullable SocketRow find(String socket) {
    return byId.get(socket);
  }

  /** Whether the user has no other socket in the lobby, or for the same player. */
  boolean isLast(SocketRow socket) {
    return byId.values().stream()
        .noneMatch(
            other ->
                !other.socket().equals(socket.socket())
                    && other.user().equals(socket.user())
                    && Objects.equals(other.player(), socket.player()));
  }

  /** The users with sockets in the lobby; a new set. */
  Set<String> lobbyUsers() {
    return byId.values().stream()
        .filter(socket -> socket.player() == null)
        .map(SocketRow::user)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** The players with sockets, in the order in which they came. */
  List<String> players() {
    return byId.values().stream()
        .flatMap(socket -> Stream.ofNullable(socket.player()))
        .distinct()
        .toList();
  }
}
