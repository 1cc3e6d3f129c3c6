# Copying an object with a header message of another kind of object: a group or a named type with a layout, a dataset with a
# symbol table. The callbacks of the message assume the kind of the object.
# Test: hostile/structures. Upstream: not known.
h5tracks_mend(
  src/H5Ocopy.c
[=[

        /* Check for continuation message; these are converted to NULL
]=]
[=[

        /* Callbacks of these messages take it for granted what kind of object they are in */
        if (obj_class->type != H5O_TYPE_DATASET
                ? H5O_SDSPACE_ID == mesg_src->type->id || H5O_LAYOUT_ID == mesg_src->type->id ||
                      (obj_class->type == H5O_TYPE_GROUP ? H5O_DTYPE_ID : H5O_PLINE_ID) == mesg_src->type->id
                : false)
            HGOTO_ERROR(H5E_OHDR, H5E_BADVALUE, FAIL, "object of another kind has a message of a dataset");
        if (obj_class->type != H5O_TYPE_GROUP &&
            (H5O_STAB_ID == mesg_src->type->id || H5O_LINFO_ID == mesg_src->type->id))
            HGOTO_ERROR(H5E_OHDR, H5E_BADVALUE, FAIL, "object of another kind has a message of a group");

        /* Check for continuation message; these are converted to NULL
]=])
