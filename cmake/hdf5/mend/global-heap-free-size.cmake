# A global heap with a free-space object of size 0: the loop over its objects never ends.
# Test: hostile/mutants. Upstream: not known.
h5tracks_mend(
  src/H5HGcache.c
[=[
                need = heap->obj[idx].size;

]=]
[=[
                need = heap->obj[idx].size;
            if (0 == need)
                HGOTO_ERROR(H5E_HEAP, H5E_BADVALUE, NULL, "free space of size 0 in global heap");

]=])
