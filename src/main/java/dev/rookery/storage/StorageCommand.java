package dev.rookery.storage;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The commands of stored objects. */
public sealed interface StorageCommand<R> extends Command<R> {
  String ADDRESS = "storage";

  /**
   * How many objects of a collection a search by a part of the key looks through: the first whose
   * keys begin with it, and as many of the newest.
   */
  int KEYS_SEARCHED_MAX = 2_500;

  /** The most objects that one command reads or changes. */
  int OBJECTS_MAX = 64;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Reads an object. {@code Denied("forbidden")} if the asker may not read it, whether or not it
   * exists; {@code Missing("not_found")} if there is none.
   *
   * @param visibility who may read it this time
   */
  record Read(ObjectName name, Asker asker, Visibility visibility)
      implements StorageCommand<StoredObject> {
    public Read(ObjectName name, Asker asker) {
      this(name, asker, Visibility.OF_OBJECT);
    }
  }

  /** Who may read an object, beside admins and the server. */
  enum Visibility {
    /** As the object and the settings of its collection say. */
    OF_OBJECT,
    EVERYBODY,
    /** Its owner, and the present members of its lobby. */
    SCOPE
  }

  /**
   * Reads those of at most {@link #OBJECTS_MAX} objects that exist and that the asker may read, in
   * the order of their names.
   */
  record ReadAll(List<ObjectName> names, Asker asker)
      implements StorageCommand<List<StoredObject>> {}

  /**
   * Makes at most {@link #OBJECTS_MAX} changes of different objects, all of them or none.
   *
   * <p>Invalid {@code key}, {@code data} or {@code metadata}, or an owner {@code user_id} or lobby
   * {@code lobby_id} that does not exist. {@code Conflict("version_conflict")} if a condition is
   * not met. For players: {@code Denied("player_writes_disabled")}, {@code Denied("forbidden")} for
   * an object that is not theirs to write, {@code Conflict}: {@code too_many_entries}, {@code
   * too_many_bytes}.
   *
   * @param limited whether the owner's limits hold; they always do for players
   * @param idempotencyKey of a player; 1 to 200 characters, or null
   */
  record Write(Asker by, List<Change> changes, boolean limited, @Nullable String idempotencyKey)
      implements StorageCommand<List<Written>> {}

  /**
   * Lists objects of a collection that the asker may read, oldest first: those of an owner, or
   * without an owner those that everybody may read.
   *
   * @param after the id of the last object of the previous page; 0 for the first
   * @param max at most 100
   */
  record ListObjects(Asker asker, String collection, @Nullable PlayerId owner, long after, int max)
      implements StorageCommand<List<StoredObject>> {}

  /**
   * Lists objects of a collection for admins, latest update first; where there are more than
   * 10,000, the newest first instead, and the total may be a minute old.
   */
  record Search(String collection, Filter filter, Page.Request page)
      implements StorageCommand<Page<StoredObject>> {}

  /**
   * A part of the objects of a collection, for admins: the newest first.
   *
   * @param cursor the id of the object that the part follows; null for the first part
   * @param backwards whether the part comes before that object instead
   */
  record Browse(String collection, Filter filter, @Nullable Long cursor, boolean backwards, int max)
      implements StorageCommand<List<StoredObject>> {}

  /** Counts objects of a collection, at most {@code max} of them. */
  record Count(String collection, Filter filter, long max) implements StorageCommand<Long> {}

  /**
   * Which objects are listed.
   *
   * @param keyPart part of the key, ignoring case; without an owner or a lobby, looked for in at
   *     most {@value #KEYS_SEARCHED_MAX} whose keys begin with it, and as many of the newest
   * @param globalOnly whether only those without owner and lobby
   */
  record Filter(
      @Nullable PlayerId owner,
      @Nullable LobbyId lobby,
      @Nullable String keyPart,
      boolean globalOnly) {}

  /**
   * Changes an object of a collection that is known by its id, for admins; null keeps a value.
   *
   * <p>{@code Missing("not_found")}. Invalid as in {@link Write}, and {@code key} if another object
   * has the new name.
   *
   * @param name gets the name of the object and returns its new one
   */
  record Update(
      String collection,
      long id,
      UnaryOperator<ObjectName> name,
      @Nullable String value,
      @Nullable String metadata,
      StoredObject.@Nullable WriteAccess writeAccess)
      implements StorageCommand<StoredObject> {}

  /** Deletes an object of a collection by its id; succeeds if there is none. */
  record DeleteById(String collection, long id) implements StorageCommand<Done> {}

  /**
   * Deletes the objects with a key for admins: with an owner alone those in lobbies too, with a
   * lobby alone those of its members too, without both the global one.
   */
  record DeleteKey(ObjectName name) implements StorageCommand<Done> {}

  /** Deletes all objects of a player, when the account is deleted. */
  record Forget(PlayerId player) implements StorageCommand<Done> {}
}
