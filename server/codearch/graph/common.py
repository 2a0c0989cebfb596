"""Names of methods that libraries give to everyday values: a call by one of them tells nothing.

Gathered from the documentation of the standard libraries' strings, collections, options, streams,
threads and files in the nine languages.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text that lists names."""
    return frozenset(text.split())


# Of strings, collections, iterators, options and promises: never guessed.
OF_VALUES = words(
    """
    abs absent accept add addAll addFirst addLast add_all all allMatch and and_then any anyMatch
    append appendChild appendLine apply as_bytes as_deref as_mut as_ptr as_ref as_slice as_str
    assign asList at back begin bind bytes c_str call capacity capitalize cast catch ceil center
    chain charAt charCodeAt chars chunks clamp clear clone cloned collect compact compareTo
    compare_exchange compute computeIfAbsent computeIfPresent concat constructor contains
    containsKey containsValue contains_key copied copy copy_from_slice copyOf count cycle data
    decode deepcopy default delete deque deref description difference discard distinct drain drop
    dump dumps emplace emplace_back empty encode end endsWith endswith ends_with entries entry
    enumerate eq equal equals equalsIgnoreCase erase err every exists expandtabs expect extend
    extend_from_slice fetch_add fill filter filter_map find findAll findAny findFirst findIndex
    findLast find_map finally find_all first firstOrNull flat flatMap flat_map flatten floor fmt
    fold forEach for_each format format_map freeze from from_utf8 fromkeys front fullmatch get
    getAndIncrement getBytes getClass getKey getMessage getName getOrDefault getValue get_mut
    get_or_insert_with getattr group groupBy groupby groups has hasNext hasOwnProperty hash
    hashCode hash_code head hex identity ifPresent includes incrementAndGet index indexOf
    index_of init insert insert_or_assign insert_str int into intoIter into_iter intersection
    intersects invoke invert is_alphabetic is_ascii is_digit is_empty is_err is_none is_ok is_some
    isalnum isalpha isdecimal isdigit isEmpty isNaN isPresent islower isspace issubset isupper item
    items iter iter_mut iterator join keys keySet key_set last lastIndexOf last_index_of len
    length limit lines list ljust load loads lock lower lower_bound lstrip ltrim map map_err match
    matches max maxsplit merge min mod most_common name ne negate new next noneMatch not notify
    notifyAll nth null_or_empty of ok ok_or ok_or_else on or orElse orElseGet orElseThrow
    or_default or_else or_insert or_insert_with padEnd padStart parallelStream parse partition
    peek pop popFirst pop_back pop_front popitem popleft position pow prepend print printf println
    promise push push_back push_front push_str put putAll putIfAbsent quote read_only reduce
    reject release remove removeAll removeAt removeFirst removeIf removeLast removeprefix
    removesuffix repeat replace replaceAll replaceFirst replace_with reserve reset resize resolve
    retain retainAll rev reverse reversed rfind rindex rjust round rsplit rstrip select
    selectMany set setAttribute setdefault shift shrink_to_fit size skip skip_while slice some
    sort sortBy sort_by sort_by_key sort_unstable sorted span splice split splitAt split_at
    split_off split_whitespace splitlines sqrt starts_with startsWith startswith str stream strip
    strip_prefix strip_suffix sub subList subn subSequence subset substr substring subtract sum
    swap swapcase tail take take_while tell test then thenApply thenCompose title toArray toDate
    toEqual toFixed toISOString toJSON toList toLocaleString toLowerCase toMap toSet toString
    toUpperCase to_bytes to_list to_lowercase to_owned to_slice to_str to_string to_uppercase to_vec
    tolist top touch transform translate trim trimEnd trimStart trim_end trim_start truncate
    try_from try_into type typeof union unshift unwrap unwrap_err unwrap_or unwrap_or_default
    unwrap_or_else update upper upper_bound value valueOf values values_mut view where windows
    with_capacity write_str zfill zip
    Add AddRange Aggregate All Any Append AppendLine Average Cast Clear Clone Close CompareTo
    Concat Contains ContainsKey Copy CopyTo Count Dispose Distinct ElementAt EndsWith Equals Error
    Errorf Except Fatal Fatalf Find FindAll First FirstOrDefault ForEach Format Get GetEnumerator
    GetHashCode GetType GetValue GroupBy IndexOf Insert Intersect Invoke IsNullOrEmpty Join Last
    LastIndexOf LastOrDefault Len Length Less Load Lock Log Logf Match Matches Max Min MoveNext New
    OrderBy OrderByDescending Parse Pop Print Printf Println Push Put RLock RUnlock Remove RemoveAll
    RemoveAt Replace Reset Reverse Run Select SelectMany Set Single SingleOrDefault Size Skip Sort
    Split StartsWith Store String Substring Sum Swap Take ToArray ToDictionary ToHashSet ToList
    ToLower ToLowerInvariant ToString ToUpper ToUpperInvariant Trim TrimEnd TrimStart TryAdd
    TryGetValue TryParse Union Unlock Update Value Where Zip
    """
)
# Of streams, files, threads, sockets, loggers, tests and clients: guessed only beside a receiver
# that is called as the class is.
OF_OBJECTS = words(
    """
    abort accept acquire addEventListener after aclose assert assertEqual async_ await before begin
    bind cancel cell check clear close commit complete compile configure connect connection consume
    cookies create critical cursor debug delete describe destroy detach dial dict disconnect
    dispatchEvent display dispose do done emit enable encode end error exception exec execute exit
    exchange exists fatal fetch fetchall fetchone fileno finish fire flush fork get_name getvalue
    handle headers help id identity info insert install is_alive is_file is_set isatty json kill
    label level listen load lock log login lookup main mkdir mock name notify off on once open
    options patch path pause ping pipe poll post process publish put query queue quit raise
    raise_for_status read readAll readByte readLine read_line read_text read_to_end read_to_string
    readable readline readlines receive recv register rehash reload remove render request
    reset resolve respond response restart resume rewind rmdir rollback run save schedule search
    seek send sendall serve setTimeout setLevel setUp set_level settimeout setup shutdown sign
    signal skip sleep socket spawn start stat status stop submit subscribe sync tearDown tell
    terminate text tick timeout to_dict transaction trigger try_lock undo unlink unlock
    unsubscribe url use validate verify visit wait warn warning watch wrap writable write
    write_all write_text writelines yield
    Accept Begin Cancel Close Commit Connect Context Create Debug Decode Delete Dial Do Done Encode
    Exec Execute Exit Fail FailNow Fprintf Helper Info Infof Init Listen Name New Open Parallel
    Ping Post Process Publish Query Read ReadAll ReadByte ReadLine Receive Register Render Rollback
    Run Save Scan Seek Send Serve Shutdown Start Stop Subscribe Sync Validate Wait Warn Write
    WriteByte WriteLine WriteString
    """
)
# Methods of collections that give one of what they hold, and those that give as many of the same.
GIVES_ELEMENT = words(
    """
    get first last next pop popleft pop_front pop_back peek poll remove front back at find element
    nth max min get_mut first_mut last_mut getFirst getLast removeFirst removeLast elementAt
    First FirstOrDefault Last LastOrDefault Single SingleOrDefault ElementAt Find Dequeue Peek Pop
    choice setdefault orElse orElseThrow orElseGet unwrap expect reduce random single
    """
)
GIVES_CONTAINER = words(
    """
    iter iter_mut into_iter iterator filter values values_mut copied cloned clone rev reversed
    sorted skip take skip_while take_while peekable stream parallelStream slice concat copy as_ref
    as_mut borrow borrow_mut lock unwrap_or_default distinct limit subList toReversed toSorted
    Where OrderBy OrderByDescending Reverse Skip Take ToList ToArray AsEnumerable Distinct Values
    chain drain union intersection difference splice fill sort
    """
)
