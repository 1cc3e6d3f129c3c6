# A header message that became longer than its space in the object header, because its decoded form differs from the file: when
# written, it overwrites the bytes after it.
# Test: hostile/free-space. Upstream: CVE-2025-2912, CVE-2025-6750.
h5tracks_mend(
  src/H5Omessage.c
[=[
#ifndef NDEBUG
        /* Sanity check that the message won't overwrite past it's allocated space */
        {
            size_t msg_size;

            msg_size = mesg->type->raw_size(f, false, mesg->native);
            msg_size = H5O_ALIGN_OH(oh, msg_size);
            assert(msg_size <= mesg->raw_size);
        }
#endif /* NDEBUG */
]=]
[=[
        if (mesg->type->raw_size(f, false, mesg->native) > mesg->raw_size)
            HGOTO_ERROR(H5E_OHDR, H5E_CANTENCODE, FAIL, "message is longer than its place in the object header");
]=])
