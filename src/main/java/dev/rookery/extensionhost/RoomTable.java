package dev.rookery.extensionhost;

import dev.rookery.extension.RoomTask;
import dev.rookery.extension.Rooms;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rooms of one version of an extension. */
final class RoomTable implements Rooms {
  private final String extension;
  private final ExtensionJson json;
  private final BroadcastLimit limit;
  private final ExtensionRooms rooms;
  private final Supplier<ExtensionBackend> backend;
  private final Set<String> early = new LinkedHashSet<>();
  private volatile @Nullable RoomTask task;
  private boolean serving;

  RoomTable(
      String extension,
      ExtensionJson json,
      BroadcastLimit limit,
      ExtensionRooms rooms,
      Supplier<ExtensionBackend> backend) {
    this.extension = extension;
    this.json = json;
    this.limit = limit;
    this.rooms = rooms;
    this.backend = backend;
  }

  @Nullable RoomTask task() {
    return task;
  }

  @Override
  public void serve(RoomTask given) {
    if (task != null) {
      throw new IllegalStateException("there is a task already");
    }
    task = given;
  }

  @Override
  public void open(String room) {
    ExtensionTopic.checkName(room);
    if (task == null) {
      throw new IllegalStateException("there is no task of rooms");
    }
    synchronized (this) {
      if (!serving) {
        early.add(room);
        return;
      }
    }
    rooms.open(extension, room);
  }

  /** The version takes over; returns the rooms that it opened before. */
  synchronized List<String> beginServing() {
    serving = true;
    List<String> opened = List.copyOf(early);
    early.clear();
    return opened;
  }

  @Override
  public void send(String room, Object message) {
    ExtensionTopic.checkName(room);
    String text = json.objectText(message, ChannelTable.PAYLOAD_BYTES_MAX);
    limit.count();
    backend
        .get()
        .fanOut()
        .announce(
            new ExtensionChannelEvent.RoomMessage(ExtensionRooms.lease(extension, room), text));
  }
}
