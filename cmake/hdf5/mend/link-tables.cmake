# A group or an object with more or fewer links or attributes in dense storage than it claims: HDF5 overruns the table that sorts
# them, or frees entries that were never filled.
# Test: hostile/structures. Upstream: HDFGroup/hdf5#5375, HDFGroup/hdf5#6659.
h5tracks_mend(
  src/H5Aint.c
[=[
    assert(atable);
    assert(atable->num_attrs < atable->max_attrs);

]=]
[=[
    assert(atable);
    if (atable->num_attrs >= atable->max_attrs)
        HGOTO_ERROR(H5E_ATTR, H5E_BADVALUE, H5_ITER_ERROR, "object has more attributes than it claims");

]=]
  src/H5Aint.c
[=[
        H5_CHECK_OVERFLOW(nrec, /* From: */ hsize_t, /* To: */ size_t);

]=]
[=[
        H5_CHECK_OVERFLOW(nrec, /* From: */ hsize_t, /* To: */ size_t);
        if (nrec > H5F_get_eoa(f, H5FD_MEM_OHDR))
            HGOTO_ERROR(H5E_ATTR, H5E_BADVALUE, FAIL, "object claims more attributes than its file has bytes");

]=]
  src/H5Gcompact.c
[=[
    assert(udata);
    assert(udata->curr_lnk < udata->ltable->nlinks);

]=]
[=[
    assert(udata);
    if (udata->curr_lnk >= udata->ltable->nlinks)
        HGOTO_ERROR(H5E_SYM, H5E_BADVALUE, H5_ITER_ERROR, "group has more links than it claims");

]=]
  src/H5Gcompact.c
[=[
    H5_CHECK_OVERFLOW(linfo->nlinks, hsize_t, size_t);
    ltable->nlinks = (size_t)linfo->nlinks;
]=]
[=[
    H5_CHECK_OVERFLOW(linfo->nlinks, hsize_t, size_t);
    ltable->nlinks = 0;
    ltable->lnks   = NULL;
    if (linfo->nlinks > H5F_get_eoa(oloc->file, H5FD_MEM_OHDR))
        HGOTO_ERROR(H5E_SYM, H5E_BADVALUE, FAIL, "group claims more links than its file has bytes");
    ltable->nlinks = (size_t)linfo->nlinks;
]=]
  src/H5Gcompact.c
[=[
            HGOTO_ERROR(H5E_SYM, H5E_NOTFOUND, FAIL, "error iterating over link messages");

]=]
[=[
            HGOTO_ERROR(H5E_SYM, H5E_NOTFOUND, FAIL, "error iterating over link messages");
        if (udata.curr_lnk != ltable->nlinks)
            HGOTO_ERROR(H5E_SYM, H5E_BADVALUE, FAIL, "group has fewer links than it claims");

]=]
  src/H5Gdense.c
[=[
    assert(udata);
    assert(udata->curr_lnk < udata->ltable->nlinks);

]=]
[=[
    assert(udata);
    if (udata->curr_lnk >= udata->ltable->nlinks)
        HGOTO_ERROR(H5E_SYM, H5E_BADVALUE, H5_ITER_ERROR, "group has more links than it claims");

]=]
  src/H5Gdense.c
[=[
    H5_CHECK_OVERFLOW(linfo->nlinks, /* From: */ hsize_t, /* To: */ size_t);
    ltable->nlinks = (size_t)linfo->nlinks;
]=]
[=[
    H5_CHECK_OVERFLOW(linfo->nlinks, /* From: */ hsize_t, /* To: */ size_t);
    ltable->nlinks = 0;
    ltable->lnks   = NULL;
    if (linfo->nlinks > H5F_get_eoa(f, H5FD_MEM_OHDR))
        HGOTO_ERROR(H5E_SYM, H5E_BADVALUE, FAIL, "group claims more links than its file has bytes");
    ltable->nlinks = (size_t)linfo->nlinks;
]=]
  src/H5Gdense.c
[=[
        /* Allocate the table to store the links */
        if ((ltable->lnks = (H5O_link_t *)H5MM_malloc(sizeof(H5O_link_t) * ltable->nlinks)) == NULL)
            HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed");
]=]
[=[
        /* Allocate the table to store the links */
        if ((ltable->lnks = (H5O_link_t *)H5MM_calloc(sizeof(H5O_link_t) * ltable->nlinks)) == NULL)
            HGOTO_ERROR(H5E_RESOURCE, H5E_NOSPACE, FAIL, "memory allocation failed");
]=]
  src/H5Gdense.c
[=[
            HGOTO_ERROR(H5E_SYM, H5E_CANTNEXT, FAIL, "error iterating over links");

]=]
[=[
            HGOTO_ERROR(H5E_SYM, H5E_CANTNEXT, FAIL, "error iterating over links");
        if (udata.curr_lnk != ltable->nlinks)
            HGOTO_ERROR(H5E_SYM, H5E_BADVALUE, FAIL, "group has fewer links than it claims");

]=])
